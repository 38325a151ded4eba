"""citekit: archival citations from plain TOML records.

The press can be used alone (`from citekit import csl`); `citekit.library.Library` is the desk that opens all of it.
"""

__version__ = "0.1.0"
