"""Values and errors that every part shares. Imports nothing of ours."""
