"""Who may do what: every address of the program, one line each.

Method, address, and who: `public`, `login` (anybody logged in), `password` (of the thing itself,
whoever is logged in), `owner` (whose it is, and nobody else whatever the rights), or the
permissions that are needed, parted by blanks; `a|b` is either of two.
An address with `-` as method answers whatever comes.
Webhooks in here are somebody else's: for one's own the first right is enough.
"""

from __future__ import annotations

from typing import Final

TABLE: Final = """
-      /healthz                                                 public
-      /readyz                                                  public
GET    /api/v1/events/                                          customers.view_company|stock.view_stock|sales.view_order|sales.view_invoice|sales.view_payment|sales.view_creditnote|sales.view_refund|returns.view_return
GET    /api/v1/webhooks/                                        webhooks.manage_webhooks
POST   /api/v1/webhooks/                                        webhooks.manage_webhooks
GET    /api/v1/webhooks/{uuid}/                                 webhooks.manage_webhooks access.manage_settings
PATCH  /api/v1/webhooks/{uuid}/                                 webhooks.manage_webhooks access.manage_settings
DELETE /api/v1/webhooks/{uuid}/                                 webhooks.manage_webhooks access.manage_settings
POST   /api/v1/webhooks/{uuid}/enable/                          webhooks.manage_webhooks access.manage_settings
POST   /api/v1/webhooks/{uuid}/rotate-secret/                   webhooks.manage_webhooks access.manage_settings
POST   /api/v1/webhooks/{uuid}/test/                            webhooks.manage_webhooks access.manage_settings
POST   /api/v1/webhooks/{uuid}/replay/                          webhooks.manage_webhooks access.manage_settings
GET    /api/v1/webhooks/{uuid}/history/                         webhooks.manage_webhooks access.manage_settings
GET    /api/v1/webhooks/{webhook}/deliveries/                   webhooks.manage_webhooks access.manage_settings
GET    /api/v1/webhooks/{webhook}/deliveries/{uuid}/            webhooks.manage_webhooks access.manage_settings
POST   /api/v1/webhooks/{webhook}/deliveries/{uuid}/replay/     webhooks.manage_webhooks access.manage_settings
GET    /api/v1/companies/                                       customers.view_company
POST   /api/v1/companies/                                       customers.create_company
GET    /api/v1/companies/{uuid}/                                customers.view_company
PATCH  /api/v1/companies/{uuid}/                                customers.view_company customers.edit_company
GET    /api/v1/companies/{uuid}/history/                        customers.view_company
GET    /api/v1/companies/{company}/contacts/                    customers.view_company
POST   /api/v1/companies/{company}/contacts/                    customers.view_company customers.edit_company
GET    /api/v1/companies/{company}/contacts/{uuid}/             customers.view_company
PATCH  /api/v1/companies/{company}/contacts/{uuid}/             customers.view_company customers.edit_company
DELETE /api/v1/companies/{company}/contacts/{uuid}/             customers.view_company customers.edit_company
GET    /api/v1/companies/{company}/addresses/                   customers.view_company
POST   /api/v1/companies/{company}/addresses/                   customers.view_company customers.edit_company
GET    /api/v1/companies/{company}/addresses/{uuid}/            customers.view_company
PATCH  /api/v1/companies/{company}/addresses/{uuid}/            customers.view_company customers.edit_company
DELETE /api/v1/companies/{company}/addresses/{uuid}/            customers.view_company customers.edit_company
GET    /api/v1/contacts/                                        customers.view_company
POST   /api/v1/contacts/                                        customers.edit_company
GET    /api/v1/contacts/{uuid}/                                 customers.view_company
PATCH  /api/v1/contacts/{uuid}/                                 customers.view_company customers.edit_company
DELETE /api/v1/contacts/{uuid}/                                 customers.view_company customers.edit_company
GET    /api/v1/addresses/                                       customers.view_company
POST   /api/v1/addresses/                                       customers.edit_company
GET    /api/v1/addresses/{uuid}/                                customers.view_company
PATCH  /api/v1/addresses/{uuid}/                                customers.view_company customers.edit_company
DELETE /api/v1/addresses/{uuid}/                                customers.view_company customers.edit_company
GET    /api/v1/parts/                                           stock.view_stock
POST   /api/v1/parts/                                           stock.edit_part
GET    /api/v1/parts/{uuid}/                                    stock.view_stock
PATCH  /api/v1/parts/{uuid}/                                    stock.view_stock stock.edit_part
GET    /api/v1/parts/{uuid}/kit-parts/                          stock.view_stock
PUT    /api/v1/parts/{uuid}/kit-parts/                          stock.view_stock stock.edit_part
POST   /api/v1/parts/{uuid}/assemble/                           stock.view_stock stock.correct_stock
POST   /api/v1/parts/{uuid}/disassemble/                        stock.view_stock stock.correct_stock
GET    /api/v1/part-categories/                                 stock.view_stock
POST   /api/v1/part-categories/                                 access.manage_settings
GET    /api/v1/part-categories/{uuid}/                          stock.view_stock
PATCH  /api/v1/part-categories/{uuid}/                          stock.view_stock access.manage_settings
GET    /api/v1/locations/                                       stock.view_stock
POST   /api/v1/locations/                                       stock.edit_location
GET    /api/v1/locations/{uuid}/                                stock.view_stock
PATCH  /api/v1/locations/{uuid}/                                stock.view_stock stock.edit_location
GET    /api/v1/stock-items/                                     stock.view_stock
POST   /api/v1/stock-items/                                     stock.correct_stock
GET    /api/v1/stock-items/{uuid}/                              stock.view_stock
POST   /api/v1/stock-items/{uuid}/correct/                      stock.view_stock stock.correct_stock
POST   /api/v1/stock-items/{uuid}/move/                         stock.view_stock stock.correct_stock
GET    /api/v1/stock-items/{uuid}/life/                         stock.view_stock
GET    /api/v1/stock-movements/                                 stock.view_stock
GET    /api/v1/stock-movements/{uuid}/                          stock.view_stock
GET    /api/v1/audit/                                           access.manage_settings
-      /api/v1/problems/                                        public
-      /api/v1/problems/{code}/                                 public
POST   /api/v1/returns/bulk/                                    login
POST   /api/v1/sales-orders/bulk/                               login
POST   /api/v1/test/clock/advance/                              access.manage_settings
GET    /api/v1/businesses/                                      login
POST   /api/v1/businesses/                                      access.manage_settings
GET    /api/v1/businesses/{uuid}/                               login
PATCH  /api/v1/businesses/{uuid}/                               access.manage_settings
GET    /api/v1/sales-orders/                                    sales.view_order
POST   /api/v1/sales-orders/                                    sales.create_order
POST   /api/v1/sales-orders/record/                             sales.record_order
GET    /api/v1/sales-orders/{uuid}/                             sales.view_order
PATCH  /api/v1/sales-orders/{uuid}/                             sales.view_order sales.edit_order
POST   /api/v1/sales-orders/{uuid}/allocate/                    sales.view_order sales.allocate_order
POST   /api/v1/sales-orders/{uuid}/cancel/                      sales.view_order sales.cancel_order
POST   /api/v1/sales-orders/{uuid}/complete/                    sales.view_order sales.complete_order
POST   /api/v1/sales-orders/{uuid}/deallocate/                  sales.view_order sales.allocate_order
GET    /api/v1/sales-orders/{uuid}/history/                     sales.view_order
POST   /api/v1/sales-orders/{uuid}/hold/                        sales.view_order sales.hold_order
POST   /api/v1/sales-orders/{uuid}/invoice/                     sales.view_order sales.create_invoice
POST   /api/v1/sales-orders/{uuid}/issue/                       sales.view_order sales.issue_order
POST   /api/v1/sales-orders/{uuid}/resume/                      sales.view_order sales.resume_order
POST   /api/v1/sales-orders/{uuid}/ship/                        sales.view_order sales.ship_order
GET    /api/v1/sales-orders/{order}/lines/                      sales.view_order
POST   /api/v1/sales-orders/{order}/lines/                      sales.view_order sales.edit_order
GET    /api/v1/sales-orders/{order}/lines/{uuid}/               sales.view_order
PATCH  /api/v1/sales-orders/{order}/lines/{uuid}/               sales.view_order sales.edit_order
DELETE /api/v1/sales-orders/{order}/lines/{uuid}/               sales.view_order sales.edit_order
GET    /api/v1/sales-orders/{order}/shipments/                  sales.view_order
POST   /api/v1/sales-orders/{order}/shipments/                  sales.view_order sales.allocate_order
GET    /api/v1/sales-orders/{order}/shipments/{uuid}/           sales.view_order
PATCH  /api/v1/sales-orders/{order}/shipments/{uuid}/           sales.view_order sales.ship_order
GET    /api/v1/allocations/                                     sales.view_order
GET    /api/v1/allocations/{uuid}/                              sales.view_order
GET    /api/v1/invoices/                                        sales.view_invoice
GET    /api/v1/invoices/{uuid}/                                 sales.view_invoice
GET    /api/v1/payments/                                        sales.view_payment
POST   /api/v1/payments/                                        sales.record_payment
GET    /api/v1/payments/{uuid}/                                 sales.view_payment
GET    /api/v1/credit-notes/                                    sales.view_creditnote
GET    /api/v1/credit-notes/{uuid}/                             sales.view_creditnote
POST   /api/v1/credit-notes/{uuid}/apply/                       sales.view_creditnote sales.apply_creditnote
POST   /api/v1/credit-notes/{uuid}/pay-out/                     sales.view_creditnote sales.pay_out_creditnote
POST   /api/v1/credit-notes/{uuid}/refund/                      sales.view_creditnote sales.create_refund
GET    /api/v1/refunds/                                         sales.view_refund
GET    /api/v1/refunds/{uuid}/                                  sales.view_refund
GET    /api/v1/refunds/{uuid}/history/                          sales.view_refund
POST   /api/v1/refunds/{uuid}/approve/                          sales.view_refund sales.approve_refund
POST   /api/v1/refunds/{uuid}/pay/                              sales.view_refund sales.pay_refund
POST   /api/v1/refunds/{uuid}/ask/                              sales.view_refund sales.pay_refund
POST   /api/v1/refunds/{uuid}/confirm/                          sales.view_refund sales.pay_refund
POST   /api/v1/refunds/{uuid}/fail/                             sales.view_refund sales.pay_refund
POST   /api/v1/refunds/{uuid}/retry/                            sales.view_refund sales.pay_refund
POST   /api/v1/refunds/{uuid}/cancel/                           sales.view_refund sales.cancel_refund
POST   /api/v1/refunds/{uuid}/change/                           sales.view_refund sales.edit_refund
POST   /api/v1/refunds/{uuid}/details/                          sales.view_refund sales.edit_bank_details
GET    /api/v1/bank-details/                                    sales.view_refund
POST   /api/v1/bank-details/                                    sales.edit_bank_details
GET    /api/v1/bank-details/{uuid}/                             sales.view_refund
POST   /api/v1/bank-details/{uuid}/retire/                      sales.view_refund sales.edit_bank_details
POST   /api/v1/bank-details/{uuid}/reveal/                      sales.view_refund sales.see_bank_details
GET    /api/v1/bank-files/                                      sales.view_refund
POST   /api/v1/bank-files/                                      sales.pay_refund
GET    /api/v1/bank-files/{uuid}/                               sales.view_refund
GET    /api/v1/bank-files/{uuid}/content/                       sales.view_refund sales.pay_refund sales.see_bank_details
POST   /api/v1/bank-files/{uuid}/confirm/                       sales.view_refund sales.pay_refund
GET    /api/v1/approval-limits/                                 sales.edit_limits
POST   /api/v1/approval-limits/                                 sales.edit_limits
GET    /api/v1/approval-limits/{uuid}/                          sales.edit_limits
PATCH  /api/v1/approval-limits/{uuid}/                          sales.edit_limits
POST   /api/v1/returns/{uuid}/bank-details/                     returns.view_return sales.edit_bank_details
POST   /api/v1/credit-notes/{uuid}/reverse/                     sales.view_creditnote returns.reverse_credit
GET    /api/v1/accounts/                                        sales.view_invoice
GET    /api/v1/accounts/{uuid}/                                 sales.view_invoice sales.view_payment sales.view_creditnote
GET    /api/v1/accounts/{account}/entries/                      sales.view_invoice sales.view_payment sales.view_creditnote
GET    /api/v1/metrics/                                         returns.view_return
GET    /api/v1/returns/                                         returns.view_return
POST   /api/v1/returns/                                         returns.create_return
POST   /api/v1/returns/preview/                                 returns.create_return
POST   /api/v1/returns/match-list/                              returns.create_return
POST   /api/v1/returns/{uuid}/preview/                          returns.view_return returns.credit_return
POST   /api/v1/returns/record/                                  returns.record_return
GET    /api/v1/returns/{uuid}/                                  returns.view_return
PATCH  /api/v1/returns/{uuid}/                                  returns.view_return returns.edit_return
DELETE /api/v1/returns/{uuid}/                                  returns.view_return returns.delete_return
POST   /api/v1/returns/{uuid}/approve/                          returns.view_return returns.approve_return
POST   /api/v1/returns/{uuid}/cancel/                           returns.view_return returns.cancel_return
POST   /api/v1/returns/{uuid}/charge/                           returns.view_return returns.charge_return
POST   /api/v1/returns/{uuid}/complete/                         returns.view_return returns.complete_return
POST   /api/v1/returns/{uuid}/credit/                           returns.view_return returns.credit_return
POST   /api/v1/returns/{uuid}/dispose/                          returns.view_return returns.dispose_return
GET    /api/v1/returns/{uuid}/eligibility/                      returns.view_return
POST   /api/v1/returns/{uuid}/hold/                             returns.view_return returns.hold_return
POST   /api/v1/returns/{uuid}/inspect/                          returns.view_return returns.inspect_return
POST   /api/v1/returns/{uuid}/issue/                            returns.view_return returns.issue_return
POST   /api/v1/returns/{uuid}/match/                            returns.view_return returns.match_return
POST   /api/v1/returns/{uuid}/receive/                          returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/reject/                           returns.view_return returns.reject_return
POST   /api/v1/returns/{uuid}/release/                          returns.view_return returns.release_return
POST   /api/v1/returns/{uuid}/replace/                          returns.view_return returns.replace_return
POST   /api/v1/returns/{uuid}/reopen/                           returns.view_return returns.reopen_return
POST   /api/v1/returns/{uuid}/restock-kit/                      returns.view_return returns.dispose_return
POST   /api/v1/returns/{uuid}/resume/                           returns.view_return returns.resume_return
POST   /api/v1/returns/{uuid}/send-back/                        returns.view_return returns.send_back_return
POST   /api/v1/returns/{uuid}/waive/                            returns.view_return returns.credit_without_goods
GET    /api/v1/returns/{return_id}/attachments/                 returns.view_return
POST   /api/v1/returns/{return_id}/attachments/                 returns.view_return returns.comment_return
GET    /api/v1/returns/{return_id}/attachments/{uuid}/          returns.view_return
DELETE /api/v1/returns/{return_id}/attachments/{uuid}/          returns.view_return returns.comment_return
GET    /api/v1/returns/{return_id}/attachments/{uuid}/content/  returns.view_return
GET    /api/v1/returns/{return_id}/lines/                       returns.view_return
POST   /api/v1/returns/{return_id}/lines/                       returns.view_return returns.edit_return
GET    /api/v1/returns/{return_id}/lines/{uuid}/                returns.view_return
PATCH  /api/v1/returns/{return_id}/lines/{uuid}/                returns.view_return returns.edit_return
DELETE /api/v1/returns/{return_id}/lines/{uuid}/                returns.view_return returns.edit_return
GET    /api/v1/returns/{return_id}/extra-lines/                 returns.view_return
POST   /api/v1/returns/{return_id}/extra-lines/                 returns.view_return returns.edit_return
GET    /api/v1/returns/{return_id}/extra-lines/{uuid}/          returns.view_return
PATCH  /api/v1/returns/{return_id}/extra-lines/{uuid}/          returns.view_return returns.edit_return
DELETE /api/v1/returns/{return_id}/extra-lines/{uuid}/          returns.view_return returns.edit_return
GET    /api/v1/returns/{return_id}/parcels/                     returns.view_return
POST   /api/v1/returns/{return_id}/parcels/                     returns.view_return returns.edit_return|returns.receive_return
GET    /api/v1/returns/{return_id}/parcels/{uuid}/              returns.view_return
PATCH  /api/v1/returns/{return_id}/parcels/{uuid}/              returns.view_return returns.edit_return|returns.receive_return
DELETE /api/v1/returns/{return_id}/parcels/{uuid}/              returns.view_return returns.edit_return|returns.receive_return
GET    /api/v1/returns/{return_id}/receipts/                    returns.view_return
GET    /api/v1/returns/{return_id}/receipts/{uuid}/             returns.view_return
GET    /api/v1/returns/{return_id}/comments/                    returns.view_return
POST   /api/v1/returns/{return_id}/comments/                    returns.view_return returns.comment_return
GET    /api/v1/returns/{return_id}/comments/{uuid}/             returns.view_return
GET    /api/v1/returns/{uuid}/count/                            returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/scan/                       returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/undo/                       returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/choose/                     returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/explain/                    returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/park/                       returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/resume/                     returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/carton/                     returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/cancel/                     returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/count/finish/                     returns.view_return returns.receive_return
POST   /api/v1/returns/{uuid}/receipts/{receipt}/recount/       returns.view_return returns.receive_return returns.reverse_receipt
GET    /api/v1/receipts/                                        returns.view_return
GET    /api/v1/receipts/{uuid}/                                 returns.view_return
POST   /api/v1/receipts/{uuid}/reverse/                         returns.view_return returns.reverse_receipt
GET    /api/v1/policies/                                        returns.view_return|access.manage_settings
POST   /api/v1/policies/                                        access.manage_settings
GET    /api/v1/policies/{uuid}/                                 returns.view_return|access.manage_settings
PATCH  /api/v1/policies/{uuid}/                                 access.manage_settings
DELETE /api/v1/policies/{uuid}/                                 access.manage_settings
POST   /api/v1/policies/{uuid}/publish/                         access.manage_settings
POST   /api/v1/policies/{uuid}/end/                             access.manage_settings
POST   /api/v1/policies/{uuid}/withdraw/                        access.manage_settings
POST   /api/v1/policies/{uuid}/replay/                          access.manage_settings returns.view_return
GET    /api/v1/policies/{uuid}/history/                         returns.view_return|access.manage_settings
GET    /api/v1/reasons/                                         returns.view_return|access.manage_settings
POST   /api/v1/reasons/                                         access.manage_settings
GET    /api/v1/reasons/{uuid}/                                  returns.view_return|access.manage_settings
PATCH  /api/v1/reasons/{uuid}/                                  access.manage_settings
GET    /api/v1/dispositions/                                    returns.view_return|access.manage_settings
POST   /api/v1/dispositions/                                    access.manage_settings
GET    /api/v1/dispositions/{uuid}/                             returns.view_return|access.manage_settings
PATCH  /api/v1/dispositions/{uuid}/                             access.manage_settings
GET    /api/v1/custom-fields/                                   returns.view_return|access.manage_settings
POST   /api/v1/custom-fields/                                   access.manage_settings
GET    /api/v1/custom-fields/{uuid}/                            returns.view_return|access.manage_settings
PATCH  /api/v1/custom-fields/{uuid}/                            access.manage_settings
GET    /api/v1/inspection-sheets/                               returns.view_return|access.manage_settings
POST   /api/v1/inspection-sheets/                               access.manage_settings
GET    /api/v1/inspection-sheets/{uuid}/                        returns.view_return|access.manage_settings
PATCH  /api/v1/inspection-sheets/{uuid}/                        access.manage_settings
GET    /api/v1/disposals/                                       returns.view_return
GET    /api/v1/disposals/costs/                                 returns.view_return
GET    /api/v1/disposals/{uuid}/                                returns.view_return
GET    /api/v1/returns/{return_id}/history/                     returns.view_return
GET    /api/v1/calendar-feeds/                                  login
POST   /api/v1/calendar-feeds/                                  login
GET    /api/v1/calendar-feeds/{uuid}/                           access.manage_users
PATCH  /api/v1/calendar-feeds/{uuid}/                           access.manage_users
DELETE /api/v1/calendar-feeds/{uuid}/                           access.manage_users
POST   /api/v1/calendar-feeds/{uuid}/rotate/                    access.manage_users
GET    /api/v1/calendar-feeds/{uuid}/history/                   access.manage_users
GET    /api/v1/settings/                                        access.manage_settings
PATCH  /api/v1/settings/                                        access.manage_settings
GET    /api/v1/tokens/                                          login
POST   /api/v1/tokens/                                          login
GET    /api/v1/tokens/{uuid}/                                   access.manage_users
DELETE /api/v1/tokens/{uuid}/                                   access.manage_users
-      /oauth2/authorize/                                       public
POST   /oauth2/token/                                           public
POST   /oauth2/revoke/                                          public
GET    /.well-known/oauth-authorization-server                  public
-      /api/v1/schema/                                          public
-      /api/v1/docs/                                            public
-      /api/v1/{anything}                                       public
GET    /api/order/calendar/return-order/calendar.ics            returns.view_return
GET    /api/order/calendar/sales-order/calendar.ics             sales.view_order
GET    /calendars/{ident}/feed.ics                              password
-      /calendars/{ident}/secret.ics                            public
-      /calendars/{anything}                                    public
GET    /login/                                                  public
POST   /login/                                                  public
GET    /me/                                                     login
POST   /me/                                                     login
POST   /me/password/                                            login
POST   /me/theme/                                               login
GET    /presence/{uuid}/                                        login
POST   /presence/{uuid}/                                        login
GET    /session/                                                public
POST   /session/                                                public
GET    /kept/{ident}/                                           login
POST   /logout/                                                 public
GET    /                                                        access.manage_settings|access.manage_users|customers.view_company|returns.inspect_return|returns.receive_return|returns.view_return|sales.record_order|sales.view_order|sales.view_refund|stock.view_stock
GET    /reports/                                                returns.view_return
GET    /reports/export/                                         returns.view_return
GET    /charts/                                                 returns.view_return
GET    /counts/                                                 returns.view_return
GET    /search/                                                 login
GET    /people/                                                 login
GET    /palette/                                                login
GET    /returns/                                                returns.view_return
POST   /lists/{key}/views/                                      returns.view_return
POST   /lists/{key}/views/{slug}/                               returns.view_return
POST   /lists/{key}/columns/                                    returns.view_return
POST   /lists/{key}/export/                                     returns.view_return
POST   /lists/{key}/steps/                                      returns.view_return
GET    /lists/{key}/steps/{ident}/                              owner
POST   /lists/{key}/steps/{ident}/                              owner
GET    /jobs/{ident}/                                           owner
GET    /jobs/{ident}/errors.csv                                 owner
GET    /jobs/{ident}/file/                                      owner
POST   /jobs/{ident}/cancel/                                    owner
POST   /jobs/{ident}/undo/                                      owner
POST   /jobs/{ident}/retry/                                     owner
GET    /sales/credit-notes/                                     sales.view_creditnote
GET    /returns/costs/                                          returns.view_return
GET    /returns/calendar/                                       returns.view_return
GET    /returns/board/                                          returns.view_return
GET    /returns/slips/                                          returns.view_return
POST   /returns/slips/                                          returns.view_return
POST   /returns/slips/printed/                                  returns.view_return
GET    /returns/receive/                                        returns.view_return returns.receive_return
GET    /returns/receive/scan/                                   returns.view_return returns.receive_return
POST   /returns/receive/scan/                                   returns.view_return returns.receive_return
GET    /returns/receive/commands/                               returns.view_return returns.receive_return
GET    /returns/unknown/                                        returns.view_return returns.receive_unknown customers.view_company
POST   /returns/unknown/                                        returns.view_return returns.receive_unknown customers.view_company
GET    /returns/new/                                            returns.create_return customers.view_company
POST   /returns/new/                                            returns.create_return customers.view_company
GET    /returns/new/customers/                                  returns.create_return customers.view_company
GET    /returns/{ident}/                                        returns.view_return
GET    /returns/{ident}/slip/                                   returns.view_return
GET    /returns/{ident}/due/                                    returns.view_return returns.edit_return
POST   /returns/{ident}/due/                                    returns.view_return returns.edit_return
GET    /returns/{ident}/move/                                   returns.view_return
POST   /returns/{ident}/move/                                   returns.view_return
GET    /returns/{ident}/edit/                                   returns.view_return returns.edit_return
POST   /returns/{ident}/edit/                                   returns.view_return returns.edit_return
GET    /returns/{ident}/receive/                                returns.view_return returns.receive_return
POST   /returns/{ident}/receive/                                returns.view_return returns.receive_return
GET    /returns/inspect/                                        returns.view_return returns.inspect_return
GET    /returns/sheets/{sheet_ident}/samples/{file_ident}/      returns.view_return|access.manage_settings
POST   /returns/{ident}/inspect/look/                           returns.view_return returns.inspect_return
GET    /returns/{ident}/lines/{line_ident}/                     returns.view_return
POST   /returns/{ident}/photos/                                 returns.view_return returns.comment_return
POST   /returns/{ident}/photos/{file_ident}/remove/             returns.view_return returns.comment_return
GET    /returns/{ident}/inspect/                                returns.view_return returns.inspect_return
POST   /returns/{ident}/inspect/                                returns.view_return returns.inspect_return
POST   /returns/{ident}/files/                                  returns.view_return returns.comment_return
GET    /returns/{ident}/files/{file_ident}/                     returns.view_return
POST   /returns/{ident}/files/{file_ident}/remove/              returns.view_return returns.comment_return
GET    /returns/{ident}/dispose/                                returns.view_return returns.dispose_return
POST   /returns/{ident}/dispose/                                returns.view_return returns.dispose_return
GET    /returns/{ident}/restock-kit/                            returns.view_return returns.dispose_return
POST   /returns/{ident}/restock-kit/                            returns.view_return returns.dispose_return
GET    /returns/{ident}/release/                                returns.view_return returns.release_return
POST   /returns/{ident}/release/                                returns.view_return returns.release_return
GET    /returns/{ident}/waive/                                  returns.view_return returns.credit_without_goods
POST   /returns/{ident}/waive/                                  returns.view_return returns.credit_without_goods
GET    /returns/{ident}/credit/                                 returns.view_return returns.credit_return
GET    /returns/{ident}/preview/issue/                          returns.view_return returns.issue_return
POST   /returns/{ident}/preview/issue/                          returns.view_return returns.issue_return
GET    /returns/{ident}/preview/approve/                        returns.view_return returns.approve_return
POST   /returns/{ident}/preview/approve/                        returns.view_return returns.approve_return
GET    /returns/{ident}/count/                                  returns.view_return returns.receive_return
POST   /returns/{ident}/count/                                  returns.view_return returns.receive_return
POST   /returns/{ident}/count/undo/                             returns.view_return returns.receive_return
POST   /returns/{ident}/count/step/                             returns.view_return returns.receive_return
POST   /returns/{ident}/count/carton/                           returns.view_return returns.receive_return
POST   /returns/{ident}/count/photo/                            returns.view_return returns.receive_return
POST   /returns/{ident}/count/park/                             returns.view_return returns.receive_return
POST   /returns/{ident}/count/resume/                           returns.view_return returns.receive_return
POST   /returns/{ident}/count/cancel/                           returns.view_return returns.receive_return
GET    /returns/{ident}/count/finish/                           returns.view_return returns.receive_return
POST   /returns/{ident}/count/finish/                           returns.view_return returns.receive_return
POST   /returns/{ident}/count/{scan}/choose/                    returns.view_return returns.receive_return
GET    /returns/{ident}/count/{scan}/name/                      returns.view_return returns.receive_return
POST   /returns/{ident}/count/{scan}/name/                      returns.view_return returns.receive_return
POST   /returns/{ident}/receipts/{receipt_ident}/reopen/        returns.view_return returns.receive_return returns.reverse_receipt
GET    /returns/{ident}/labels/items/                           returns.view_return
GET    /returns/{ident}/labels/plate/                           returns.view_return
POST   /returns/{ident}/labels/printed/                         returns.view_return
GET    /returns/{ident}/preview/receive/                        returns.view_return returns.receive_return
POST   /returns/{ident}/credit/                                 returns.view_return returns.credit_return
GET    /returns/{ident}/replace/                                returns.view_return returns.replace_return
POST   /returns/{ident}/replace/                                returns.view_return returns.replace_return
GET    /returns/{ident}/send-back/                              returns.view_return returns.send_back_return
POST   /returns/{ident}/send-back/                              returns.view_return returns.send_back_return
GET    /returns/{ident}/charge/                                 returns.view_return returns.charge_return
POST   /returns/{ident}/charge/                                 returns.view_return returns.charge_return
GET    /returns/{ident}/extra/                                  returns.view_return returns.edit_return
POST   /returns/{ident}/extra/                                  returns.view_return returns.edit_return
GET    /returns/{ident}/extra/{line_ident}/                     returns.view_return returns.edit_return
POST   /returns/{ident}/extra/{line_ident}/                     returns.view_return returns.edit_return
GET    /returns/{ident}/match/                                  returns.view_return returns.match_return
POST   /returns/{ident}/match/                                  returns.view_return returns.match_return
GET    /returns/{ident}/parcels/{parcel_ident}/                 returns.view_return returns.edit_return|returns.receive_return
POST   /returns/{ident}/parcels/{parcel_ident}/                 returns.view_return returns.edit_return|returns.receive_return
POST   /returns/{ident}/receipts/{receipt_ident}/reverse/       returns.view_return returns.reverse_receipt
POST   /returns/{ident}/credit-notes/{note_ident}/reverse/      returns.view_return returns.reverse_credit sales.view_creditnote
GET    /returns/{ident}/parcels/                                returns.view_return returns.edit_return|returns.receive_return
POST   /returns/{ident}/parcels/                                returns.view_return returns.edit_return|returns.receive_return
POST   /returns/{ident}/notes/                                  returns.view_return returns.comment_return
POST   /returns/{ident}/fields/responsible/                     returns.view_return returns.edit_return
POST   /returns/{ident}/fields/target-date/                     returns.view_return returns.edit_return
POST   /returns/{ident}/fields/customer-reference/              returns.view_return returns.edit_return
POST   /returns/{ident}/issue/                                  returns.view_return returns.issue_return
POST   /returns/{ident}/approve/                                returns.view_return returns.approve_return
POST   /returns/{ident}/reject/                                 returns.view_return returns.reject_return
POST   /returns/{ident}/hold/                                   returns.view_return returns.hold_return
POST   /returns/{ident}/resume/                                 returns.view_return returns.resume_return
POST   /returns/{ident}/cancel/                                 returns.view_return returns.cancel_return
POST   /returns/{ident}/complete/                               returns.view_return returns.complete_return
POST   /returns/{ident}/reopen/                                 returns.view_return returns.reopen_return
POST   /returns/{ident}/delete/                                 returns.view_return returns.delete_return
GET    /notices/                                                login
POST   /notices/read/                                           login
GET    /notices/choices/                                        login
POST   /notices/choices/                                        login
POST   /notices/{ident}/open/                                   login
POST   /notices/{ident}/read/                                   login
GET    /sales/                                                  sales.view_order
GET    /sales/calendar/                                         sales.view_order
GET    /sales/board/                                            sales.view_order
GET    /sales/new/                                              sales.view_order sales.create_order customers.view_company
POST   /sales/new/                                              sales.view_order sales.create_order customers.view_company
GET    /sales/{ident}/                                          sales.view_order
GET    /sales/{ident}/due/                                      sales.view_order sales.edit_order
POST   /sales/{ident}/due/                                      sales.view_order sales.edit_order
GET    /sales/{ident}/move/                                     sales.view_order
POST   /sales/{ident}/move/                                     sales.view_order
GET    /sales/{ident}/edit/                                     sales.view_order sales.edit_order
POST   /sales/{ident}/edit/                                     sales.view_order sales.edit_order
POST   /sales/{ident}/issue/                                    sales.view_order sales.issue_order
POST   /sales/{ident}/hold/                                     sales.view_order sales.hold_order
POST   /sales/{ident}/resume/                                   sales.view_order sales.resume_order
POST   /sales/{ident}/complete/                                 sales.view_order sales.complete_order
POST   /sales/{ident}/complete-incomplete/                      sales.view_order sales.complete_order
POST   /sales/{ident}/cancel/                                   sales.view_order sales.cancel_order
GET    /sales/{ident}/lines/new/                                sales.view_order sales.edit_order
POST   /sales/{ident}/lines/new/                                sales.view_order sales.edit_order
GET    /sales/{ident}/lines/{line_ident}/                       sales.view_order sales.edit_order
POST   /sales/{ident}/lines/{line_ident}/                       sales.view_order sales.edit_order
POST   /sales/{ident}/lines/{line_ident}/remove/                sales.view_order sales.edit_order
GET    /sales/{ident}/shipments/new/                            sales.view_order sales.allocate_order
POST   /sales/{ident}/shipments/new/                            sales.view_order sales.allocate_order
GET    /sales/{ident}/shipments/{shipment_ident}/ship/          sales.view_order sales.ship_order
POST   /sales/{ident}/shipments/{shipment_ident}/ship/          sales.view_order sales.ship_order
GET    /sales/{ident}/allocate/                                 sales.view_order sales.allocate_order stock.view_stock
POST   /sales/{ident}/allocate/                                 sales.view_order sales.allocate_order stock.view_stock
POST   /sales/{ident}/allocations/{allocation_ident}/remove/    sales.view_order sales.allocate_order
GET    /sales/{ident}/invoice/                                  sales.view_order sales.create_invoice
POST   /sales/{ident}/invoice/                                  sales.view_order sales.create_invoice
GET    /sales/accounts/{ident}/                                 sales.view_invoice sales.view_payment sales.view_creditnote
GET    /sales/credit-notes/{ident}/                             sales.view_creditnote
GET    /sales/credit-notes/{ident}/apply/                       sales.view_creditnote sales.apply_creditnote
POST   /sales/credit-notes/{ident}/apply/                       sales.view_creditnote sales.apply_creditnote
GET    /sales/credit-notes/{ident}/pay-out/                     sales.view_creditnote sales.pay_out_creditnote
POST   /sales/credit-notes/{ident}/pay-out/                     sales.view_creditnote sales.pay_out_creditnote
GET    /sales/{ident}/payment/                                  sales.view_order sales.record_payment
POST   /sales/{ident}/payment/                                  sales.view_order sales.record_payment
GET    /stock/                                                  stock.view_stock
GET    /stock/items/{ident}/                                    stock.view_stock
GET    /stock/items/{ident}/correct/                            stock.view_stock stock.correct_stock
POST   /stock/items/{ident}/correct/                            stock.view_stock stock.correct_stock
GET    /stock/items/{ident}/move/                               stock.view_stock stock.correct_stock
POST   /stock/items/{ident}/move/                               stock.view_stock stock.correct_stock
GET    /stock/parts/                                            stock.view_stock
GET    /stock/parts/new/                                        stock.edit_part
POST   /stock/parts/new/                                        stock.edit_part
GET    /stock/parts/{ident}/                                    stock.view_stock
GET    /stock/parts/{ident}/edit/                               stock.view_stock stock.edit_part
POST   /stock/parts/{ident}/edit/                               stock.view_stock stock.edit_part
GET    /stock/parts/{ident}/book-in/                            stock.view_stock stock.correct_stock
POST   /stock/parts/{ident}/book-in/                            stock.view_stock stock.correct_stock
GET    /stock/parts/{ident}/kit-parts/                          stock.view_stock stock.edit_part
POST   /stock/parts/{ident}/kit-parts/                          stock.view_stock stock.edit_part
GET    /stock/parts/{ident}/assemble/                           stock.view_stock stock.correct_stock
POST   /stock/parts/{ident}/assemble/                           stock.view_stock stock.correct_stock
GET    /stock/parts/{ident}/disassemble/                        stock.view_stock stock.correct_stock
POST   /stock/parts/{ident}/disassemble/                        stock.view_stock stock.correct_stock
GET    /stock/locations/                                        stock.view_stock
GET    /stock/locations/new/                                    stock.edit_location
POST   /stock/locations/new/                                    stock.edit_location
GET    /stock/locations/{ident}/edit/                           stock.view_stock stock.edit_location
POST   /stock/locations/{ident}/edit/                           stock.view_stock stock.edit_location
GET    /customers/                                              customers.view_company
GET    /customers/new/                                          customers.create_company
POST   /customers/new/                                          customers.create_company
GET    /customers/{ident}/                                      customers.view_company
GET    /customers/{ident}/edit/                                 customers.view_company customers.edit_company
POST   /customers/{ident}/edit/                                 customers.view_company customers.edit_company
GET    /customers/{ident}/contacts/new/                         customers.view_company customers.edit_company
POST   /customers/{ident}/contacts/new/                         customers.view_company customers.edit_company
GET    /customers/{ident}/contacts/{part_ident}/                customers.view_company customers.edit_company
POST   /customers/{ident}/contacts/{part_ident}/                customers.view_company customers.edit_company
POST   /customers/{ident}/contacts/{part_ident}/remove/         customers.view_company customers.edit_company
GET    /customers/{ident}/addresses/new/                        customers.view_company customers.edit_company
POST   /customers/{ident}/addresses/new/                        customers.view_company customers.edit_company
GET    /customers/{ident}/addresses/{part_ident}/               customers.view_company customers.edit_company
POST   /customers/{ident}/addresses/{part_ident}/               customers.view_company customers.edit_company
POST   /customers/{ident}/addresses/{part_ident}/remove/        customers.view_company customers.edit_company
GET    /settings/                                               access.manage_settings
GET    /settings/board/{board}/                                 access.manage_settings
POST   /settings/board/{board}/                                 access.manage_settings
POST   /settings/switch/                                        access.manage_settings
GET    /settings/businesses/                                    access.manage_settings
GET    /settings/businesses/new/                                access.manage_settings
POST   /settings/businesses/new/                                access.manage_settings
GET    /settings/businesses/{ident}/                            access.manage_settings
POST   /settings/businesses/{ident}/                            access.manage_settings
GET    /settings/reasons/                                       access.manage_settings
GET    /settings/reasons/new/                                   access.manage_settings
POST   /settings/reasons/new/                                   access.manage_settings
GET    /settings/reasons/{ident}/                               access.manage_settings
POST   /settings/reasons/{ident}/                               access.manage_settings
GET    /settings/dispositions/                                  access.manage_settings
GET    /settings/dispositions/new/                              access.manage_settings
POST   /settings/dispositions/new/                              access.manage_settings
GET    /settings/dispositions/{ident}/                          access.manage_settings
POST   /settings/dispositions/{ident}/                          access.manage_settings
GET    /settings/fields/                                        access.manage_settings
GET    /settings/fields/new/                                    access.manage_settings
POST   /settings/fields/new/                                    access.manage_settings
GET    /settings/fields/{ident}/                                access.manage_settings
POST   /settings/fields/{ident}/                                access.manage_settings
GET    /returns/{ident}/bank-details/                           returns.view_return sales.edit_bank_details
POST   /returns/{ident}/bank-details/                           returns.view_return sales.edit_bank_details
GET    /refunds/                                                sales.view_refund
GET    /sales/accounts/{ident}/csv/                             sales.view_invoice sales.view_payment sales.view_creditnote
GET    /sales/invoices/                                         sales.view_invoice
GET    /sales/invoices/{ident}/                                 sales.view_invoice
GET    /sales/payments/                                         sales.view_payment
GET    /sales/payments/{ident}/                                 sales.view_payment
GET    /refunds/credit/                                         returns.view_return returns.credit_return sales.view_creditnote
GET    /refunds/credit/{ident}/                                 returns.view_return returns.credit_return sales.view_creditnote
POST   /refunds/credit/{ident}/                                 returns.view_return returns.credit_return sales.view_creditnote
GET    /refunds/bank-files/                                     sales.view_refund
GET    /refunds/bank-files/new/                                 sales.view_refund sales.pay_refund
POST   /refunds/bank-files/new/                                 sales.view_refund sales.pay_refund
GET    /refunds/bank-files/{ident}/                             sales.view_refund
GET    /refunds/bank-files/{ident}/content/                     sales.view_refund sales.pay_refund sales.see_bank_details
POST   /refunds/bank-files/{ident}/confirm/                     sales.view_refund sales.pay_refund
POST   /refunds/bank-details/{ident}/reveal/                    sales.view_refund sales.see_bank_details
GET    /refunds/{ident}/                                        sales.view_refund
GET    /refunds/{ident}/details/                                sales.view_refund sales.edit_bank_details
POST   /refunds/{ident}/details/                                sales.view_refund sales.edit_bank_details
GET    /refunds/{ident}/change/                                 sales.view_refund sales.edit_refund
POST   /refunds/{ident}/change/                                 sales.view_refund sales.edit_refund
POST   /refunds/{ident}/approve/                                sales.view_refund sales.approve_refund
POST   /refunds/{ident}/pay/                                    sales.view_refund sales.pay_refund
POST   /refunds/{ident}/ask/                                    sales.view_refund sales.pay_refund
POST   /refunds/{ident}/confirm/                                sales.view_refund sales.pay_refund
POST   /refunds/{ident}/fail/                                   sales.view_refund sales.pay_refund
POST   /refunds/{ident}/retry/                                  sales.view_refund sales.pay_refund
POST   /refunds/{ident}/cancel/                                 sales.view_refund sales.cancel_refund
POST   /refunds/{ident}/keep/                                   sales.view_refund sales.cancel_refund
GET    /settings/limits/                                        sales.edit_limits
GET    /settings/limits/new/                                    sales.edit_limits
POST   /settings/limits/new/                                    sales.edit_limits
GET    /settings/limits/{ident}/                                sales.edit_limits
POST   /settings/limits/{ident}/                                sales.edit_limits
GET    /settings/businesses/{ident}/account/                    access.manage_settings sales.edit_bank_details
POST   /settings/businesses/{ident}/account/                    access.manage_settings sales.edit_bank_details
GET    /settings/sheets/                                        access.manage_settings
GET    /settings/sheets/new/                                    access.manage_settings
POST   /settings/sheets/new/                                    access.manage_settings
GET    /settings/sheets/{ident}/                                access.manage_settings
POST   /settings/sheets/{ident}/samples/                        access.manage_settings
POST   /settings/sheets/{ident}/samples/{file_ident}/remove/    access.manage_settings
POST   /settings/sheets/{ident}/                                access.manage_settings
GET    /settings/categories/                                    access.manage_settings
GET    /settings/categories/new/                                access.manage_settings
POST   /settings/categories/new/                                access.manage_settings
GET    /settings/categories/{ident}/                            access.manage_settings
POST   /settings/categories/{ident}/                            access.manage_settings
GET    /settings/policies/                                      access.manage_settings
GET    /settings/policies/new/                                  access.manage_settings
POST   /settings/policies/new/                                  access.manage_settings
GET    /settings/policies/{ident}/                              access.manage_settings
POST   /settings/policies/{ident}/                              access.manage_settings
POST   /settings/policies/{ident}/publish/                      access.manage_settings
POST   /settings/policies/{ident}/end/                          access.manage_settings
POST   /settings/policies/{ident}/withdraw/                     access.manage_settings
POST   /settings/policies/{ident}/delete/                       access.manage_settings
GET    /settings/policies/{ident}/try/                          access.manage_settings returns.view_return
GET    /settings/webhooks/                                      webhooks.manage_webhooks
GET    /settings/webhooks/new/                                  webhooks.manage_webhooks
POST   /settings/webhooks/new/                                  webhooks.manage_webhooks
GET    /settings/webhooks/{ident}/                              webhooks.manage_webhooks access.manage_settings
POST   /settings/webhooks/{ident}/test/                         webhooks.manage_webhooks access.manage_settings
POST   /settings/webhooks/{ident}/enable/                       webhooks.manage_webhooks access.manage_settings
POST   /settings/webhooks/{ident}/rotate/                       webhooks.manage_webhooks access.manage_settings
POST   /settings/webhooks/{ident}/remove/                       webhooks.manage_webhooks access.manage_settings
POST   /settings/webhooks/{ident}/deliveries/{delivery}/replay/ webhooks.manage_webhooks access.manage_settings
GET    /settings/calendars/                                     login
GET    /settings/calendars/subscribe/                           login
GET    /settings/calendars/new/                                 login
POST   /settings/calendars/new/                                 login
GET    /settings/calendars/{ident}/                             access.manage_users
POST   /settings/calendars/{ident}/                             access.manage_users
POST   /settings/calendars/{ident}/rotate/                      access.manage_users
POST   /settings/calendars/{ident}/revoke/                      access.manage_users
GET    /settings/start/                                         access.manage_settings
GET    /imports/                                                sales.record_order
GET    /imports/new/                                            sales.record_order
POST   /imports/new/                                            sales.record_order
GET    /imports/templates/{subject}.csv                         sales.record_order
GET    /imports/{ident}/                                        sales.record_order
GET    /imports/{ident}/columns/                                sales.record_order
POST   /imports/{ident}/columns/                                sales.record_order
POST   /imports/{ident}/encoding/                               sales.record_order
POST   /imports/{ident}/start/                                  sales.record_order
POST   /imports/{ident}/stop/                                   sales.record_order
POST   /imports/{ident}/discard/                                sales.record_order
GET    /imports/{ident}/take-back/                              sales.record_order access.manage_settings
POST   /imports/{ident}/take-back/                              sales.record_order access.manage_settings
GET    /imports/{ident}/not-imported.csv                        sales.record_order
GET    /settings/demo/                                          access.manage_settings
POST   /settings/demo/load/                                     access.manage_settings
POST   /settings/demo/remove/                                   access.manage_settings
GET    /settings/audit/                                         access.manage_settings access.see_all_businesses
GET    /settings/numbers/                                       access.manage_settings
GET    /settings/numbers/{ident}/                               access.manage_settings
POST   /settings/numbers/{ident}/                               access.manage_settings
GET    /settings/users/                                         access.manage_users
GET    /settings/users/new/                                     access.manage_users
POST   /settings/users/new/                                     access.manage_users
GET    /settings/users/{key}/                                   access.manage_users
POST   /settings/users/{key}/                                   access.manage_users
POST   /settings/users/{key}/link/                              access.manage_users
POST   /settings/users/{key}/log-out/                           access.manage_users
POST   /settings/users/{key}/deactivate/                        access.manage_users
POST   /settings/users/{key}/activate/                          access.manage_users
GET    /settings/roles/new/                                     access.manage_users
POST   /settings/roles/new/                                     access.manage_users
POST   /settings/roles/{key}/rename/                            access.manage_users
POST   /settings/roles/{key}/delete/                            access.manage_users
POST   /settings/roles/{key}/complete/                          access.manage_users
GET    /settings/sight/                                         access.manage_users
POST   /settings/sight/grant/                                   access.manage_users
POST   /settings/sight/withdraw/                                access.manage_users
-      /password/{uidb64}/{token}/                              public
GET    /settings/roles/                                         access.manage_users
GET    /settings/roles/{key}/                                   access.manage_users
POST   /settings/roles/{key}/                                   access.manage_users
GET    /settings/tokens/                                        login
GET    /settings/tokens/new/                                    login
POST   /settings/tokens/new/                                    login
POST   /settings/tokens/{ident}/revoke/                         access.manage_users
POST   /settings/consents/{ident}/withdraw/                     login
GET    /settings/applications/                                  access.manage_users
POST   /settings/applications/{ident}/revoke/                   access.manage_users
"""
