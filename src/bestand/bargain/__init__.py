"""What could be agreed, what clashes, and which package a rule of fair division picks."""
