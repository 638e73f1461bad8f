from django.db import migrations

from jizhi.audit.protect import append_only, final_once


class Migration(migrations.Migration):
    dependencies = [("fund", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        *append_only("fund_account", "科目"),
        *append_only("fund_posting", "分录"),
        *final_once("fund_voucher", "已记账的凭证", "OLD.posted"),
        *append_only("fund_payment", "发放记录"),
        *append_only("fund_donation", "捐赠记录"),
        *append_only("fund_goodsmove", "实物收发记录"),
        *append_only("fund_receipt", "收据"),
        *append_only("fund_receiptvoid", "收据作废记录"),
        *append_only("fund_statement", "银行对账单"),
        *append_only("fund_bankline", "银行流水"),
        *append_only("fund_closing", "结账记录"),
        *append_only("fund_reopening", "重开记录"),
    ]  # the ledger's own triggers: 0004
