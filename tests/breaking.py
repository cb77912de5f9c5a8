"""How to break each named constraint with raw SQL: a copy of a legal row, one thing changed.

`Break(table, columns, where)` inserts such a copy; `columns` are SQL expressions. Without any the
copy itself is what must not be. A text is a statement of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EUR_CENT = "0.001"


@dataclass(frozen=True)
class Break:
    table: str
    columns: dict[str, str] = field(default_factory=dict)
    where: str = "true"


def of(table: str, where: str = "true", **columns: str) -> Break:
    return Break(table, columns, where)


def only(table: str, **columns: str) -> Break:
    """For rows with a reference: another one, so that nothing but the rule is broken."""
    return Break(table, {"reference": "'OTHER'", **columns})


TWO_OF_POLICY = (
    "INSERT INTO returns_extraline (uuid, return_order_id, number, kind, name, quantity,"
    " gross_unit_price, vat_percent, vat_type, currency, origin, credited, void, invoice_line_id)"
    " SELECT gen_random_uuid(), return_order_id, number + 100 + n, 'shipping', name, 1, 5, 0,"
    " vat_type, currency, 'policy', false, false, {}"
    " FROM (SELECT * FROM returns_extraline LIMIT 1) line, generate_series(1, 2) n"
)


def refund(where: str = "true", **columns: str) -> Break:
    """For refunds: another reference and another key."""
    return Break("sales_refund", {"reference": "'OTHER'", "key": "'k'", **columns}, where)


def feed(**columns: str) -> Break:
    """For calendar feeds: another secret."""
    return Break("returns_calendarfeed", {"digest": "repeat('0', 64)", **columns})


BREAKS: dict[str, Break | str] = {
    "job_state_known": of("jobs_job", state="'lost'", undoes_id="NULL"),
    "job_counts_its_rows": of("jobs_job", done="total + 1", undoes_id="NULL"),
    "job_file_has_a_name_and_an_end": of("jobs_job", stored="'exports/a'", undoes_id="NULL"),
    "job_undone_once": of("jobs_job", "undoes_id IS NOT NULL"),
    "importrun_subject_known": of(
        "returns_importrun", subject="'tents'", business_id="NULL"
    ),
    "importrun_sales_have_a_business": of("returns_importrun", business_id="NULL"),
    "importrun_taken_back_after_its_end": of(
        "returns_importrun", result="NULL", taken_back_at="now()"
    ),
    "jobrow_state_known": of("jobs_jobrow", state="'lost'", record="gen_random_uuid()"),
    "jobrow_once_per_record": of("jobs_jobrow"),
    "jobrow_says_why_not": of("jobs_jobrow", state="'failed'", record="gen_random_uuid()"),
    "savedview_named_once": of("views_savedview", slug="'other'", name="'MINE'"),
    "savedview_slug_unique": of("views_savedview", name="'Other'"),
    "savedview_slug_fits_an_address": of("views_savedview", name="'Other'", slug="'A b'"),
    "savedview_has_a_name": of("views_savedview", name="''", slug="'other'"),
    "listpreference_one_per_list": of("views_listpreference"),
    "calendartext_kind_known": (
        "INSERT INTO returns_calendartext (kind, uuid, version, layout, language, text) "
        "VALUES ('invoice', gen_random_uuid(), 1, 1, 'en', '')"
    ),
    "calendartext_one_for_each_event": of("returns_calendartext", uuid="uuid"),
    "calendarfeed_digest_unique": of("returns_calendarfeed"),
    "calendarfeed_digest_is_sha256": of("returns_calendarfeed", digest="'cal_secret'"),
    "calendarfeed_has_a_name": feed(name="''"),
    "calendarfeed_has_one_owner": feed(user_id="NULL"),
    "calendarfeed_lists_something_known": feed(contents="'{}'"),
    "calendarfeed_statuses_known": feed(statuses="'{lost}'"),
    "calendarfeed_responsible_known": feed(responsible="'them'"),
    "calendarfeed_of_a_team_is_not_mine": feed(
        responsible="'me'", user_id="NULL", group_id="(SELECT min(id) FROM auth_group)"
    ),
    "calendarfeed_reminds_in_time": feed(remind_hours="721"),
    "apitoken_digest_unique": of("access_apitoken"),
    "apitoken_digest_is_sha256": of("access_apitoken", digest="'rma_secret'"),
    "apitoken_algorithm_known": of(
        "access_apitoken", digest="repeat('a', 64)", algorithm="'md5'"
    ),
    "user_theme_known": of("access_user", username="'other'", theme="'pink'"),
    "apitoken_opens_something": of(
        "access_apitoken", digest="repeat('a', 64)", scopes="'{}'"
    ),
    "oauthclient_name_unique": of("access_oauthclient", client_id="'OTHER'"),
    "idempotencyrecord_key_unique_per_user": of("access_idempotencyrecord"),
    "idempotencyrecord_status_is_http": of("access_idempotencyrecord", status="102"),
    "presence_one_row_a_person_and_record": of("presence_presence"),
    "presence_doing_is_known": of(
        "presence_presence", record="gen_random_uuid()", doing="'sleep'"
    ),
    "events_event_stays": "UPDATE events_event SET type = 'return.nothing'",
    "endpoint_disabled_says_why": of("webhooks_endpoint", active="false"),
    "delivery_state_known": of("webhooks_delivery", replayed="true", state="'lost'"),
    "delivery_once_per_event": of("webhooks_delivery"),
    "auditentry_numbered_once": of("audit_auditentry"),
    "auditentry_follows_another": of("audit_auditentry", n="2", previous="''"),
    # who buys
    "company_reference_unique": of("customers_company", reference="lower(reference)"),
    "company_reference_printable": of("customers_company", reference="' BO'"),
    "company_has_a_name": of("customers_company", reference="'OTHER'", name="''"),
    "company_country_is_iso": of("customers_company", reference="'OTHER'", country="'nl'"),
    "contact_has_a_name": of("customers_contact", name="''"),
    "address_one_primary_per_company": of("customers_address"),
    "address_has_a_first_line": of("customers_address", line1="''"),
    "address_country_is_iso": of("customers_address", country="'Netherlands'::varchar(2)"),
    # what lies where
    "partcategory_code_unique": of("stock_partcategory"),
    "partcategory_code_printable": of("stock_partcategory", code="' '"),
    "part_sku_unique": of("stock_part", sku="upper(sku)"),
    "part_sku_printable": of("stock_part", sku="''"),
    "part_gtin_unique": of(
        "stock_part", "gtin <> ''", sku="'OTHER'", gtin="lpad(gtin, 14, '0')"
    ),
    "part_gtin_has_its_digits": of("stock_part", sku="'OTHER'", gtin="'12'"),
    "part_serialized_or_batched": of(
        "stock_part", sku="'OTHER'", is_serialized="true", is_batched="true"
    ),
    "part_cost_has_a_currency": of("stock_part", sku="'OTHER'", unit_cost="1"),
    "part_kind_known": of("stock_part", sku="'OTHER'", kind="'box'"),
    "part_kit_is_counted_by_quantity": of(
        "stock_part", "kind = 'kit'", sku="'OTHER'", is_virtual="true"
    ),
    "kitpart_part_once_per_kit": of("stock_kitpart"),
    "kitpart_quantity_positive": of("stock_kitpart", quantity="0"),
    "kitpart_weight_not_negative": of("stock_kitpart", value_weight="-1"),
    "location_code_unique": of("stock_location", code="lower(code)"),
    "location_code_printable": of("stock_location", code="E'A\\tB'"),
    "batch_number_unique_per_part": of("stock_batch", number="lower(number)"),
    "batch_number_printable": of("stock_batch", number="' B-1'"),
    "batch_expires_after_it_is_made": of(
        "stock_batch", number="'OTHER'", made_on="date '2026-02-02'", expires_on="date '2026-02-01'"
    ),
    "stockitem_serial_unique_per_part": of(
        "stock_stockitem", "serial IS NOT NULL", serial="upper(serial)"
    ),
    "stockitem_bulk_once_per_place_and_state": of("stock_stockitem", "serial IS NULL"),
    "stockitem_unit_counts_one": of("stock_stockitem", "serial IS NOT NULL", quantity="2"),
    "stockitem_serial_printable": of("stock_stockitem", "serial IS NOT NULL", serial="''"),
    # With nothing allocated: the row is negative, and the other CHECK comes first by its name.
    "stockitem_quantity_not_negative": (
        "ALTER TABLE stock_stockitem DROP CONSTRAINT stockitem_allocated_within_quantity;"
        "UPDATE stock_stockitem SET quantity = -1 WHERE serial IS NULL"
    ),
    "stockitem_allocated_within_quantity": of(
        "stock_stockitem", "serial IS NULL", allocated="quantity + 1"
    ),
    "stockitem_state_known": (
        "ALTER TABLE stock_stockitem DROP CONSTRAINT stockitem_place_fits_its_state;"
        "UPDATE stock_stockitem SET state = 'lost'"
    ),
    "stockitem_place_fits_its_state": of(
        "stock_stockitem",
        "state = 'sold'",
        location_id="(SELECT min(id) FROM stock_location)",
    ),
    "movement_quantity_positive": of("stock_movement", "unit_id IS NULL", quantity="0"),
    "movement_of_a_unit_is_one": of("stock_movement", "unit_id IS NOT NULL", quantity="2"),
    "movement_cause_known": of("stock_movement", cause="'magic'"),
    # what was sold and credited
    "business_code_unique": of("sales_business"),
    "business_code_printable": of("sales_business", code="''"),
    "business_currency_is_iso": of("sales_business", code="'OTHER'", currency="'eur'"),
    "business_clock_moved_in_sandbox_only": of(
        "sales_business", code="'OTHER'", clock_ahead="'1 day'"
    ),
    "referencepattern_one_per_document": of("sales_referencepattern"),
    "referencepattern_document_known": of("sales_referencepattern", document="'letter'"),
    "referencepattern_counts": of("sales_referencepattern", pattern="'SO-{year}'"),
    "counter_one_per_series_and_period": of("sales_counter"),
    "counter_series_known": of("sales_counter", series="'letter'"),
    "account_one_per_business_company_currency": of("sales_account"),
    "account_currency_is_iso": of("sales_account", currency="'E'"),
    "salesorder_reference_unique_per_business": of(
        "sales_salesorder", reference="lower(reference)"
    ),
    "salesorder_reference_printable": of("sales_salesorder", reference="''"),
    "salesorder_status_known": of("sales_salesorder", "status = 'pending'", status="'shipped'"),
    "salesorder_held_from_while_on_hold": of("sales_salesorder", status="'on_hold'"),
    "salesorder_one_responsible": of(
        "sales_salesorder", responsible_user_id="1", responsible_group_id="1"
    ),
    "salesorder_currency_is_iso": of("sales_salesorder", currency="'E'"),
    "salesorder_completed_at_when_complete": of(
        "sales_salesorder", "status = 'complete'", completed_at="NULL"
    ),
    "orderline_number_unique_per_order": of("sales_orderline"),
    "orderline_kind_known": of("sales_orderline", "kind = 'discount'", kind="'goodwill'::varchar",
        gross_unit_price="0"),
    "orderline_goods_have_a_part": of("sales_orderline", "kind = 'goods'", part_id="NULL"),
    "orderline_quantity_positive": of("sales_orderline", "kind = 'discount'", quantity="0"),
    "orderline_only_discounts_are_negative": of(
        "sales_orderline", "kind = 'goods'", gross_unit_price="-1"
    ),
    "orderline_part_of_a_kit_has_its_share": of(
        "sales_orderline", "kind = 'discount'", value_share="1"
    ),
    "orderline_kits_are_whole": of("sales_orderline", "kind = 'kit'", quantity="0.5"),
    "orderline_vat_not_negative": of("sales_orderline", vat_percent="-1"),
    "orderline_vat_type_known": of("sales_orderline", vat_type="'HIGH'"),
    "orderline_claimed_not_negative": of("sales_orderline", claimed="-1"),
    "orderline_claimed_within_shipped": of(
        "sales_orderline", "kind = 'goods'", claimed="shipped + 0.00001"
    ),
    "orderline_shipped_within_quantity": of(
        "sales_orderline", "kind = 'goods'", allocated="quantity - shipped + 1"
    ),
    "orderline_only_goods_ship": of("sales_orderline", "kind = 'discount'", shipped="1"),
    "discountweight_once_per_goods_line": of("sales_discountweight"),
    "discountweight_not_negative": of("sales_discountweight", weight="-1"),
    "invoice_reference_unique_per_business": of("sales_invoice", reference="lower(reference)"),
    "invoice_reference_printable": of("sales_invoice", reference="''"),
    "invoice_currency_is_iso": of("sales_invoice", currency="'eur'"),
    "invoice_gross_is_net_and_tax": of("sales_invoice", net="net + 1"),
    "invoice_settled_within_gross": of("sales_invoice", settled="gross + 1"),
    "invoice_credited_within_gross": of("sales_invoice", credited="gross + 1"),
    "invoice_amounts_follow_currency": of("sales_invoice", settled=EUR_CENT),
    "invoiceline_number_unique_per_invoice": of("sales_invoiceline"),
    "invoiceline_kind_known": of("sales_invoiceline", "kind = 'goods'", kind="'goodwill'::varchar"),
    "invoiceline_quantity_positive": of(
        "sales_invoiceline", quantity="0", credited_units="0"
    ),
    "invoiceline_gross_is_net_and_tax": of("sales_invoiceline", tax="tax + 1"),
    "invoiceline_only_discounts_are_negative": of(
        "sales_invoiceline", "kind = 'goods'", gross="-1", net="-1", tax="0"
    ),
    "invoiceline_vat_type_known": of("sales_invoiceline", vat_type="'HIGH'"),
    "invoiceline_credited_within_quantity": of(
        "sales_invoiceline", credited_units="quantity + 0.00001"
    ),
    "invoiceline_discount_credited_within_gross": of(
        "sales_invoiceline", "kind = 'discount'", credited_gross="gross - 0.01"
    ),
    "payment_amount_positive": of("sales_payment", amount="0", applied="0"),
    "payment_currency_is_iso": of("sales_payment", currency="'€'"),
    "payment_applied_within_amount": of("sales_payment", applied="amount + 1"),
    "payment_refunded_within_amount": of("sales_payment", refunded="amount + 1"),
    "payment_amounts_follow_currency": of("sales_payment", refunded=EUR_CENT),
    "creditnote_reference_unique_per_business": of(
        "sales_creditnote", reference="lower(reference)", series_number="NULL"
    ),
    "creditnote_series_number_unique": only("sales_creditnote"),
    "creditnote_reference_printable": of("sales_creditnote", reference="' CN'"),
    "creditnote_currency_is_iso": of("sales_creditnote", currency="'eur'"),
    "creditnote_gross_is_net_and_tax": of(
        "sales_creditnote", gross="-1", net="-1", tax="0", applied="-1", kept="0"
    ),
    "creditnote_used_within_gross": of("sales_creditnote", refunded="gross + 1"),
    "creditnote_amounts_follow_currency": of("sales_creditnote", refunded=EUR_CENT),
    "creditnote_reversal_is_not_used": only(
        "sales_creditnote", reverses_id="id", series_number="NULL", applied="gross", kept="0",
        refunded="0",
    ),
    "creditline_number_unique_per_note": of("sales_creditline", live="false"),
    "creditline_units_credited_once": of(
        "sales_creditline", "units IS NOT NULL", number="number + 100"
    ),
    "creditline_kind_known": of("sales_creditline", kind="'gift'"),
    "creditline_quantity_positive": of("sales_creditline", quantity="0"),
    "creditline_gross_is_net_and_tax": of("sales_creditline", net="net + 1"),
    "creditline_units_belong_to_an_invoice_line": of(
        "sales_creditline", "units IS NOT NULL", invoice_line_id="NULL"
    ),
    "creditline_vat_type_known": of("sales_creditline", vat_type="''"),
    "settlement_has_one_source": of(
        "sales_settlement", credit_note_id="1", payment_id="1"
    ),
    "settlement_amount_positive": of("sales_settlement", amount="0"),
    "ledgerentry_has_one_document": of("sales_ledgerentry", invoice_id="NULL",
        payment_id="NULL", credit_note_id="NULL"),
    "bankdetails_belong_to_one_holder": of(
        "sales_bankdetails", "customer_id IS NOT NULL", customer_id="NULL"
    ),
    "bankdetails_business_pays_from_one": of(
        "sales_bankdetails", "business_id IS NOT NULL AND retired_at IS NULL"
    ),
    "bankdetails_mask_is_a_mask": of(
        "sales_bankdetails", "customer_id IS NOT NULL", last4="'12'"
    ),
    "bankdetails_are_sealed": of("sales_bankdetails", "customer_id IS NOT NULL", sealed="''"),
    "bankfile_reference_unique_per_business": of("sales_bankfile", reference="lower(reference)"),
    "bankfile_reference_printable": of("sales_bankfile", reference="''"),
    "bankfile_currency_is_iso": only("sales_bankfile", currency="'eur'"),
    "bankfile_pays_something": only("sales_bankfile", count="0"),
    "bankfile_amount_follows_currency": only("sales_bankfile", amount=EUR_CENT),
    "refund_reference_unique_per_business": of(
        "sales_refund", reference="lower(reference)", key="'k'"
    ),
    "refund_key_unique": only("sales_refund"),
    "refund_reference_printable": of("sales_refund", reference="''", key="'k'"),
    "refund_currency_is_iso": refund(currency="'eur'"),
    "refund_amount_positive": refund(amount="0"),
    "refund_amount_follows_currency": refund(amount=EUR_CENT),
    "refund_state_known": refund(state="'lost'"),
    "refund_knows_its_way": refund("via = 'gateway'", gateway="''"),
    "refund_by_bank_names_the_account": refund(
        "via = 'bank' AND state = 'sent'", bank_details_id="NULL"
    ),
    "refund_sent_knows_when": refund("state = 'sent'", sent_at="NULL"),
    "refund_settled_when_done": refund("state = 'sent'", settled_at="now()"),
    "refund_failure_says_why": refund("state = 'sent'", state="'failed'"),
    "refund_in_a_bank_file_goes_by_bank": refund(
        "bank_file_id IS NOT NULL", via="'manual'"
    ),
    "refundpart_moves_something": of("sales_refundpart", amount="0"),
    "approvallimit_one_per_role_and_currency": of("sales_approvallimit"),
    "approvallimit_currency_is_iso": of("sales_approvallimit", currency="'usd'"),
    "approvallimit_not_negative": of("sales_approvallimit", currency="'USD'", amount="-1"),
    "approvallimit_amount_follows_currency": of(
        "sales_approvallimit", currency="'USD'", amount=EUR_CENT
    ),
    "notice_told_once": of("notices_notice"),
    "notice_kind_known": of("notices_notice", key="'other'", kind="'gossip'"),
    "notice_way_known": of("notices_notice", key="'other'", way="'pigeon'"),
    "noticechoice_one_per_kind": of("notices_noticechoice"),
    "noticechoice_kind_known": of("notices_noticechoice", kind="'gossip'"),
    "noticechoice_way_known": of("notices_noticechoice", kind="'job'", way="'pigeon'"),
    "columnlimit_one_per_column_and_business": of("sales_columnlimit"),
    "columnlimit_more_than_nothing": of("sales_columnlimit", status="'on_hold'", most="0"),
    "sandboxpayout_one_per_key": of("sales_sandboxpayout"),
    "sandboxpayout_state_known": of("sales_sandboxpayout", key="'k'", state="'lost'"),
    "sandboxorder_behaviour_known": of("sales_sandboxorder", behaviour="'sulk'"),
    "ledgerline_ledger_known": of("sales_ledgerline", ledger="'petty cash'"),
    "ledgerline_books_something": of("sales_ledgerline", amount="0"),
    "shipment_reference_unique_per_order": of("sales_shipment"),
    "shipment_reference_printable": of("sales_shipment", reference="''"),
    "shipment_delivered_after_it_left": of(
        "sales_shipment",
        "shipped_on IS NOT NULL",
        reference="'OTHER'",
        delivered_on="shipped_on - 1",
    ),
    "allocation_quantity_positive": of("sales_allocation", quantity="0"),
    "unitsale_one_open_per_unit": of("sales_unitsale", "until IS NULL"),
    "unitsale_ends_after_it_begins": of(
        "sales_unitsale", until="since - interval '1 second'"
    ),
    # the returns themselves
    "demoload_is_one": of("returns_demoload", id="2"),
    "returnsswitch_is_one_row": of("returns_returnsswitch", id="2"),
    "reason_code_unique": of("returns_reason", code="upper(code)"),
    "reason_code_printable": of("returns_reason", code="''"),
    "disposition_code_unique": of("returns_disposition", code="upper(code)"),
    "disposition_code_printable": of("returns_disposition", code="''"),
    "disposition_action_known": of("returns_disposition", code="'sell'", action="'sell'"),
    "disposition_value_is_a_percentage": of(
        "returns_disposition", code="'OTHER'", value_percent="100.01"
    ),
    "disposition_costs_not_negative": of(
        "returns_disposition", code="'OTHER'", fee="-1", currency="'EUR'"
    ),
    "disposition_amounts_have_a_currency": of("returns_disposition", code="'OTHER'", fee="1"),
    "sheet_one_active_per_category": of("returns_sheet"),
    "sheet_has_a_name_and_few_photos": of("returns_sheet", active="false", photos="21"),
    "grade_code_unique_per_sheet": of("returns_grade", code="lower(code)"),
    "grade_code_printable": of("returns_grade", code="''"),
    "grade_verdict_known": of(
        "returns_grade", code="'OTHER'", verdict="'maybe'", share="0"
    ),
    "grade_share_fits_its_verdict": of(
        "returns_grade", "verdict = 'rejected'", code="'OTHER'", share="1"
    ),
    "inspection_replaces_another": of("returns_inspection", id="900000", replaces_id="900000"),
    "attachment_kind_known": of("files_attachment", stored="'other'", kind="'toy'"),
    "attachment_kept_once_per_key": of("files_attachment", stored="'other'"),
    "attachment_content_type_known": of(
        "files_attachment", stored="'other'", content_type="'text/html'"
    ),
    "attachment_link_has_an_address": of(
        "files_attachment", stored="'other'", link="'https://example.org'"
    ),
    "supplement_one_per_record_and_system": of("files_supplement"),
    "attachment_has_name_and_content": of("files_attachment", stored="'other'", size="0"),
    "returnorder_reference_unique_per_business": of(
        "returns_returnorder", reference="lower(reference)"
    ),
    "returnorder_reference_printable": of("returns_returnorder", reference="''"),
    "returnorder_status_known": of(
        "returns_returnorder", "status = 'in_progress'", status="'lost'"
    ),
    "returnorder_axes_known": of("returns_returnorder", goods="'some'"),
    "returnorder_held_from_while_on_hold": of(
        "returns_returnorder", "status = 'in_progress'", held_from="'pending'"
    ),
    "returnorder_closed_at_when_closed": of(
        "returns_returnorder", "status = 'in_progress'", closed_at="now()"
    ),
    "returnorder_hold_and_rejection_have_a_reason": of(
        "returns_returnorder", "status = 'on_hold'", status_reason="''"
    ),
    "returnorder_discarded_is_cancelled": of(
        "returns_returnorder", "status = 'in_progress'", discarded_at="now()"
    ),
    "returnorder_one_responsible": of(
        "returns_returnorder", responsible_user_id="1", responsible_group_id="1"
    ),
    "policyversion_number_unique_per_business": of("returns_policyversion", "status = 'draft'"),
    "policyversion_status_known": of(
        "returns_policyversion", "status = 'draft'", number="99", status="'old'"
    ),
    "policyversion_published_holds_for_some_time": of(
        "returns_policyversion", "status = 'published'", number="99", valid="NULL"
    ),
    "policyversion_begins_on_a_day": of(
        "returns_policyversion", "status = 'published'", number="99", valid="'empty'"
    ),
    "policyversion_one_at_a_time": of(
        "returns_policyversion", "status = 'published'", number="99"
    ),
    # the version of the world holds already, so it cannot be withdrawn either
    "policyversion_published_stays": (
        "UPDATE returns_policyversion SET status = 'draft', valid = NULL"
        " WHERE status = 'published'"
    ),
    "returnorder_keeps_its_policy": (
        "UPDATE returns_returnorder SET policy_id = NULL WHERE policy_id IS NOT NULL"
    ),
    "approval_answer_known": of("returns_approval", answer="'maybe'"),
    "comment_says_something_to_somebody": of("returns_comment", audience="'press'"),
    "returnline_number_unique_per_return": of("returns_returnline", order_line_id="NULL",
        stock_item_id="NULL"),
    "returnline_unit_on_one_open_line": of(
        "returns_returnline", "stock_item_id IS NOT NULL", number="99"
    ),
    "returnline_names_what_comes_back": of("returns_returnline", part_id="NULL"),
    "returnline_asks_for_something": of(
        "returns_returnline", "stock_item_id IS NOT NULL", quantity="0"
    ),
    "returnline_part_of_a_kit_was_sold": of(
        "returns_returnline", order_line_id="NULL", kit_line_id="order_line_id"
    ),
    "returnline_unit_counts_one": of(
        "returns_returnline", "stock_item_id IS NOT NULL", quantity="2"
    ),
    "returnline_received_within_quantity": of("returns_returnline", received="quantity + 1"),
    "returnline_decided_within_received": of("returns_returnline", rejected="received + 1"),
    "returnline_disposed_within_decided": of("returns_returnline", disposed="received + 1"),
    "returnline_credited_within_accepted": of(
        "returns_returnline", "received = 0", credited="waived + 1"
    ),
    "returnline_sent_back_within_received": of("returns_returnline", sent_back="received + 1"),
    "returnline_each_unit_has_one_outcome": of(
        "returns_returnline", order_line_id="NULL", replaced="quantity + 1"
    ),
    "returnline_repaired_is_sent_back": of(
        "returns_returnline", order_line_id="NULL", repaired="quantity - released"
    ),
    "returnline_replaced_goods_stay": (
        "UPDATE returns_returnline SET credited = 0, released = 0, waived = 0, "
        "replaced = quantity, sent_back = received WHERE received > 0"
    ),
    "returnline_outcome_known": of("returns_returnline", outcome="'praise'"),
    "returnline_void_has_no_receipt_or_credit": of(
        "returns_returnline", "received > 0", void="true"
    ),
    "extraline_number_unique_per_return": of("returns_extraline"),
    "extraline_is_no_goods": of("returns_extraline", kind="'goods'"),
    "extraline_quantity_positive": of("returns_extraline", quantity="-1"),
    "extraline_void_is_not_credited": of("returns_extraline", credited="true", void="true"),
    "extraline_origin_known": of("returns_extraline", origin="'moon'"),
    "extraline_policy_charges_once": TWO_OF_POLICY.format("NULL"),
    "extraline_policy_refunds_once": TWO_OF_POLICY.format(
        "(SELECT min(id) FROM sales_invoiceline)"
    ),
    "extraline_vat_type_known": of("returns_extraline", vat_type="'none'"),
    "parcel_number_unique_per_return": of("returns_parcel"),
    "receipt_number_unique_per_return": of("returns_receipt"),
    "receipt_reverses_another": of("returns_receipt", id="9999999", reverses_id="9999999"),
    "receiptline_quantity_positive": of("returns_receiptline", quantity="0"),
    "receiptline_units_are_taken_from_a_holder": of(
        "returns_receiptline", "movement_id IS NOT NULL", movement_id="NULL",
        taken_from_id="(SELECT min(id) FROM customers_company)"
    ),
    "receiptline_condition_known": of("returns_receiptline", condition="'mint'"),
    "count_one_open_per_return": of("returns_count", "state = 'open'"),
    "count_state_known": of("returns_count", "state = 'cancelled'", state="'lost'"),
    "count_carton_known": of("returns_count", "state = 'cancelled'", carton="'wet'"),
    "count_finished_has_a_receipt": of(
        "returns_count", "state = 'cancelled'", state="'finished'", receipt_id="NULL"
    ),
    "count_thrown_away_for_a_reason": of(
        "returns_count", "state = 'cancelled'", reason="''"
    ),
    "countscan_key_once_per_count": of("returns_countscan", "key <> ''"),
    "countscan_verdict_known": of("returns_countscan", "key = ''", verdict="'maybe'", quantity="0"),
    "countscan_only_good_and_unexpected_count": of(
        "returns_countscan", "key = ''", verdict="'unknown'", quantity="1"
    ),
    "countscan_good_names_its_line": of(
        "returns_countscan", "key = ''", verdict="'good'", line_id="NULL"
    ),
    "labelprint_kind_known": of("returns_labelprint", kind="'poster'"),
    "inspection_quantity_positive": of("returns_inspection", quantity="0"),
    "inspection_share_is_a_percentage": of("returns_inspection", share="101"),
    "inspection_verdict_known": of("returns_inspection", verdict="'maybe'"),
    "inspection_says_why_it_overrides": of(
        "returns_inspection",
        verdict="'rejected'",
        proposed_verdict="'accepted'",
        proposed_share="100",
    ),
    "disposal_quantity_positive": of("returns_disposal", quantity="-1", movement_id="NULL"),
    "disposal_action_known": of("returns_disposal", action="'sell'", movement_id="NULL"),
    "disposal_of_received_goods": of(
        "returns_disposal", action="'customer_keeps'", movement_id="NULL"
    ),
    "disposal_says_why_it_overrides": of(
        "returns_disposal", proposed_id="disposition_id", movement_id="NULL"
    ),
    "disposal_costs_have_a_currency": of(
        "returns_disposal", write_off="1", movement_id="NULL"
    ),
    "release_quantity_positive": of("returns_release", quantity="0"),
    "waiver_quantity_positive": of("returns_waiver", quantity="0"),
    "outbound_quantity_positive": of("returns_outbound", quantity="0", extra_line_id="NULL",
        movement_id="NULL"),
    "outbound_kind_known": of("returns_outbound", kind="'gift'", extra_line_id="NULL",
        movement_id="NULL"),
    "outbound_replacement_is_an_order_line": of(
        "returns_outbound", "kind = 'replacement'", order_line_id="NULL", extra_line_id="NULL"
    ),
    "outbound_sent_back_is_what_was_received": of(
        "returns_outbound", "kind = 'send_back'", movement_id="NULL", shipped_on="NULL"
    ),
    "outboundend_quantity_positive": of("returns_outboundend", quantity="0"),
    "linecredit_pays_for_one_line": of("returns_linecredit", line_id="NULL", extra_line_id="NULL"),
    "linecredit_quantity_not_negative": of("returns_linecredit", quantity="-1"),
    "customfield_code_unique_per_target": of("returns_customfield"),
    "customfield_code_is_a_plain_word": of("returns_customfield", code="'Colour'"),
    "customfield_has_a_name": of("returns_customfield", code="'other'", name="''"),
    "customfield_target_known": of("returns_customfield", target="'parcel'"),
    "customfield_kind_known": of(
        "returns_customfield", "kind = 'text'", code="'other'", kind="'colour'"
    ),
    "customfield_a_choice_has_choices": of(
        "returns_customfield", "kind = 'choice'", code="'other'", choices="'[]'::jsonb"
    ),
    "customvalue_once_per_field": of("returns_customvalue", "line_id IS NULL"),
    "customvalue_holds_what_its_kind_says": of("returns_customvalue", boolean="true"),
    # refused by triggers
    "customfield_is_what_it_was": "UPDATE returns_customfield SET code = 'other'",
    "customvalue_fits_its_field": of(
        "returns_customvalue", "line_id IS NOT NULL", line_id="NULL"
    ),
    "location_tree_has_no_cycle": "UPDATE stock_location SET parent_id = id",
    "kitpart_tree_has_no_cycle": of("stock_kitpart", part_id="kit_id"),
    "kitpart_belongs_to_a_kit": of("stock_kitpart", kit_id="part_id"),
    "orderline_lies_below_a_kit": of(
        "sales_orderline",
        "parent_id IS NOT NULL",
        number="99",
        order_id="(SELECT min(id) FROM sales_salesorder)",
    ),
    "ledgerentry_balanced": (
        "INSERT INTO sales_ledgerline (entry_id, ledger, amount)"
        " SELECT min(entry_id), 'cash', 0.01 FROM sales_ledgerline;"
        "SET CONSTRAINTS ALL IMMEDIATE"
    ),
    "returnline_unit_held_by_customer": of(
        "returns_returnline",
        "stock_item_id IS NOT NULL",
        number="99",
        order_line_id="NULL",
        return_order_id="(SELECT r.id FROM returns_returnorder r JOIN customers_company c"
        " ON c.id = r.customer_id WHERE c.reference = 'CY' ORDER BY r.id LIMIT 1)",
        waived="1",
        quantity="0",
    ),
}  # fmt: skip

#: Tables whose rows stay as they were written: each refuses to be changed, emptied, shortened.
HISTORY = (
    "access_rightsentry",
    "audit_auditentry",
    "stock_movement",
    "sales_ledgerentry",
    "sales_ledgerline",
    "sales_refundpart",
    "returns_receipt",
    "returns_receiptline",
    "returns_countscan",
    "returns_labelprint",
    "returns_inspection",
    "returns_disposal",
    "returns_release",
    "returns_waiver",
    "returns_linecredit",
    "returns_outbound",
    "returns_outboundend",
    "returns_extracharge",
    "returns_approval",
)


def statement(case: Break | str, columns: list[str]) -> str:
    """The SQL of a case; `columns` are those of its table that an INSERT may name."""
    if isinstance(case, str):
        return case
    fresh: dict[str, Any] = {"uuid": "gen_random_uuid()", **case.columns}
    named = [name for name in columns if name != "id" or "id" in case.columns]
    values = ", ".join(fresh.get(name, f'"{name}"') for name in named)
    names = ", ".join(f'"{name}"' for name in named)
    return (
        f"INSERT INTO {case.table} ({names}) SELECT {values} FROM {case.table}"
        f" WHERE {case.where} ORDER BY id LIMIT 1"
    )
