"""What is doubtful in a case: findings, each with its place and what to do."""
