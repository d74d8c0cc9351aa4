"""What the commands do: many of one kind, one module each."""
