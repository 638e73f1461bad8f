"""How a last day is said to the reader: state and words, counted in workdays."""

from datetime import date

from jizhi.kernel.workdays import china

SOON = 3  # workdays; amber from here on


def left(last: date, today: date) -> int:
    """Workdays from today to the last day; negative when it is over. Late on rest days alone still counts as one."""
    days = china().workdays_between(today, last)
    return min(days, -1) if last < today else days


def state(last: date, today: date) -> str:
    """late, soon or run."""
    if last < today:
        return "late"
    return "soon" if left(last, today) <= SOON else "run"


def words(last: date, today: date) -> str:
    """逾期 2 个工作日, 今天到期, 明天到期, 还有 4 个工作日."""
    if last < today:
        return f"逾期 {-left(last, today)} 个工作日"
    match (last - today).days:
        case 0:
            return "今天到期"
        case 1:
            return "明天到期"
    return f"还有 {left(last, today)} 个工作日"
