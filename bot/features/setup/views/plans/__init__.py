"""Forms for what a team has planned: file keys in, file keys out. Pure; the file's reader says what is wrong."""
