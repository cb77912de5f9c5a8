"""The system's own Python SDK against a running server: only base URL and credentials are ours."""

from __future__ import annotations

import pytest
from oauth2_provider.models import AccessToken

from returns.models import ReturnOrder
from tests.factories import goods, sell


@pytest.fixture
def sdk(live_server, oauth, tmp_path, monkeypatch):
    """The client as its documentation sets it up; whatever it writes goes to a folder of ours."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    from exsited.exsited.auth.dto.token_dto import RequestTokenDTO
    from exsited.exsited.exsited_sdk import ExsitedSDK

    token = RequestTokenDTO(
        grantType="client_credentials",
        clientId=oauth["client_id"],
        clientSecret=oauth["client_secret"],
        redirectUri="https://connector.example/callback",
        exsitedUrl=live_server.url,
    )
    return ExsitedSDK().init_sdk(request_token_dto=token)


@pytest.fixture
def invoice(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"), goods("PEG", "10", "1.00"))
    return order.invoices.get()


@pytest.mark.django_db(transaction=True)
def test_the_sdk_runs_its_whole_workflow(sdk, oauth, invoice):
    from exsited.exsited.common.common_enum import SortDirection
    from exsited.exsited.return_merchandise_authorisations.dto import (
        return_merchandise_authorisations_dto as dto,
    )

    rmas = sdk.return_merchandise_authorisations
    tent = invoice.lines.get(part__sku="TENT")
    wanted = dto.RmaReturnDataDTO(
        rmaQuantity="2", itemUuid=str(tent.part.uuid), uuid=str(tent.uuid)
    )
    asked = dto.CreateReturnMerchandiseAuthorisationDTO(
        returnMerchandiseAuthorisations=dto.ReturnMerchandiseAuthorisationCreationDTO(
            id="RMA-SDK", date="2024-08-28", note="Bent.", returns=[wanted]
        )
    )

    made = rmas.invoice_rma_create(invoice.reference, asked)
    rma = made.invoice.returnMerchandiseAuthorisation
    assert (rma.id, rma.customerReturnStatus, rma.version) == ("RMA-SDK", "PENDING", "2")
    assert (rma.invoiceId, rma.receivedCount, rma.note) == (invoice.reference, "0", "Bent.")
    assert rma.customerReturnDate == "2024-08-28T00:00:00+02:00"
    line = rma.returns[0]
    assert (line.itemId, line.rmaRequested, line.rmaReturned) == ("TENT", "2", "0")
    assert AccessToken.objects.count() == 1

    again = rmas.invoice_rma_create(invoice.reference, asked)
    assert again.invoice.returnMerchandiseAuthorisation == rma
    assert rmas.details("RMA-SDK").returnMerchandiseAuthorisation == rma
    below = rmas.invoice_rma_details(invoice.reference, "RMA-SDK")
    assert below.invoice.returnMerchandiseAuthorisation == rma
    page = rmas.list(limit=5, direction=SortDirection.DESC, order_by="created_on")
    assert page.returnMerchandiseAuthorisations == [rma]
    assert (page.pagination.records, page.pagination.limit, page.pagination.nextPage) == (
        1,
        5,
        None,
    )
    assert rmas.list().returnMerchandiseAuthorisations == [rma]
    listed = rmas.invoice_list(invoice.reference)
    assert listed.invoice.returnMerchandiseAuthorisations == [rma]

    came = dto.CreateReceiveReturnMerchandiseAuthorisationsDTO(
        receiveReturnMerchandiseAuthorisations=dto.ReceiveReturnMerchandiseAuthorisationsListDTO(
            receiveReturns=[dto.ReceiveReturnDTO(rmaReceiveQuantity="2", uuid=line.uuid)]
        )
    )
    closed = rmas.invoice_receive_rma_create(invoice.reference, "RMA-SDK", came)
    shown = closed.returnMerchandiseAuthorisation
    assert (shown.customerReturnStatus, shown.receivedCount) == ("CLOSED", "2")
    receipts = rmas.receive_list(invoice.reference, "RMA-SDK")
    receipt = receipts.receiveReturnMerchandiseAuthorisations[0]
    assert (receipt.id, receipt.createdBy) == ("1", "app-sdk")
    assert receipt.receiveReturns[0].rmaReceiveQuantity == "2"
    one = rmas.receive_details(invoice.reference, "RMA-SDK", receipt.id)
    assert one.receiveReturnMerchandiseAuthorisation == receipt
    assert ReturnOrder.objects.get().goods == "received"


@pytest.mark.django_db(transaction=True)
def test_the_sdk_gets_a_new_token_when_its_own_was_revoked(sdk, oauth, invoice):
    rmas = sdk.return_merchandise_authorisations
    rmas.list()
    first = AccessToken.objects.get()
    first.revoke()

    assert rmas.list().pagination.records == 0
    assert AccessToken.objects.get().pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_the_sdk_reads_our_refusals(sdk, invoice):
    from exsited.common.ab_exception import ABException

    rmas = sdk.return_merchandise_authorisations
    with pytest.raises(ABException) as refusal:
        rmas.details("nothing")

    assert refusal.value.get_errors() == ["There is no such return."]
