"""What recurs among exercises: each family adds cases, checks, mistakes with their hints, or right versions to one."""
