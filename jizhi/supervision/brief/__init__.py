"""督导简报: drafted from the records of a period, edited, approved by its case, numbered, published, printed."""
