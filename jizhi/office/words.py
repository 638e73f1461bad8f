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
    "polling.add_opinion": "登记座谈意见",
    "polling.answer_opinion": "答复座谈意见",
    "polling.check_tally": "核对计票表",
    "polling.close_poll": "封存并计票",
    "polling.drop_poll": "撤销未开始的测评",
    "polling.enter_paper": "录入纸质问卷",
    "polling.enter_tally": "录入计票表",
    "polling.finish_symposium": "座谈记录定稿",
    "polling.import_roll": "导入名册",
    "polling.issue_mark": "登记发出",
    "polling.make_poll": "建立测评或问卷",
    "polling.open_poll": "开始测评或调查",
    "polling.print_slips": "打印凭条",
    "polling.record_symposium": "登记座谈会",
    "polling.reject_tally": "退回计票表",
    "polling.start_tablet": "启用会场平板",
    "polling.take_back": "收回凭条或纸质票",
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
