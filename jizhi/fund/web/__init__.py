"""Addresses of this room."""

from django.urls import path

from jizhi.fund.web import bank, gifts, imports, ledger

urlpatterns = [
    path("fund/", ledger.listing, name="fund_list"),
    path("fund/my-gifts/", gifts.mine, name="fund_my_gifts"),
    path("fund/<int:pk>/", ledger.fund, name="fund"),
    path("fund/<int:pk>/trial/", ledger.trial, name="fund_trial"),
    path("fund/<int:pk>/export/", ledger.export, name="fund_export"),
    path("fund/<int:pk>/vouchers/", ledger.voucher_list, name="fund_vouchers"),
    path("fund/<int:pk>/vouchers/new/", ledger.voucher_new, name="fund_voucher_new"),
    path("fund/accounts/<int:pk>/", ledger.account, name="fund_account"),
    path("fund/vouchers/<int:pk>/", ledger.voucher, name="fund_voucher"),
    path("fund/vouchers/<int:pk>/pdf/", ledger.voucher_print, name="fund_voucher_pdf"),
    path("fund/<int:pk>/donations/", gifts.listing, name="fund_donations"),
    path("fund/<int:pk>/donations/new/", gifts.new, name="fund_donation_new"),
    path("fund/donations/<int:pk>/", gifts.donation, name="fund_donation"),
    path("fund/receipts/<int:pk>/pdf/", gifts.receipt_print, name="fund_receipt_pdf"),
    path("fund/<int:pk>/goods/", gifts.store, name="fund_goods"),
    path("fund/<int:pk>/goods/<int:goods>/give/", gifts.give, name="fund_goods_give"),
    path("fund/<int:pk>/bank/", bank.bank, name="fund_bank"),
    path("fund/<int:pk>/bank/match/", bank.match, name="fund_bank_match"),
    path("fund/<int:pk>/bank/unmatch/<int:line>/", bank.unmatch, name="fund_bank_unmatch"),
    path("fund/<int:pk>/bank/explain/<str:what>/<int:item>/", bank.explain, name="fund_bank_explain"),
    path("fund/<int:pk>/months/", bank.month_list, name="fund_months"),
    path("fund/<int:pk>/months/<int:month>/close/", bank.close, name="fund_month_close"),
    path("fund/<int:pk>/months/<int:month>/reopen/", bank.reopen, name="fund_month_reopen"),
    path("fund/<int:pk>/import/<str:kind>/", imports.hand_in, name="fund_import"),
    path("fund/<int:pk>/import/<str:kind>/preview/", imports.look, name="fund_import_preview"),
    path("fund/<int:pk>/import/<str:kind>/errors/", imports.errors, name="fund_import_errors"),
    path("fund/<int:pk>/import/<str:kind>/template/", imports.template, name="fund_import_template"),
]
