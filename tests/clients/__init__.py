"""Our exports in the programs that read them: what `make clients` installs and runs."""
