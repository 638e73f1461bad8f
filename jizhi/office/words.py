"""What an act is called on pages: the names that rooms give their permissions, and the few acts without one."""

from jizhi.access.gate import registry

WITHOUT_PERMISSION = {
    "access.choose_holding": "切换办理身份",
    "access.enter_demo": "演示登录",
    "messages.mark_read": "阅读消息",
    "disclosure.file_objection": "收到异议",
    "disclosure.file_tip": "收到意见建议",
    "evidence.add": "添加佐证",
    "office.add_intake": "导入大表",
    "office.begin_intake": "上传大表",
    "office.drop_intake": "放弃大表",
    "papers.issue_paper": "编发文书",
    "papers.publish": "向社会公布",
    "papers.take_down": "公布期满下架",
    "procedure.act": "办理步骤",
    "procedure.act_batch": "批量办理",
    "procedure.begin_case": "发起案件",
    "procedure.open_children": "分办案件",
    "procedure.release_children": "子件随父件办结",
    "procedure.send_children_back": "退回子件重办",
    "procedure.draw_sample": "抽取案件",
    "procedure.escalate_case": "超期上报",
    "procedure.object_to": "提出异议",
    "procedure.recompute_deadline": "重算期限",
    "procedure.warn_case": "到期提醒",
    "results.compute_result": "计算结果",
    "results.correct_result": "更正结果",
    "results.publish_result": "公布结果",
    "sheets.amend_sheet": "修改评分表",
    "sheets.hand_in_sheet": "提交评分表",
    "sheets.save_sheet": "保存评分表",
    "ui.export_list": "导出表格",
    "supervision.close_finding": "问题销号",
}


def actions_known() -> dict[str, str]:
    """Action code → Chinese name."""
    return {**{code: permission.name for code, permission in registry().permissions.items()}, **WITHOUT_PERMISSION}
