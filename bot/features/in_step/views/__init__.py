"""What threads show of an issue, and what an issue shows of its threads."""
