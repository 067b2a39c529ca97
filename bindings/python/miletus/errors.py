# What is raised when a call itself is wrong. Data that has no price raises nothing: it carries a
# status.
"""Exceptions for misuse; a bad option among others carries a :class:`miletus.Status` instead."""


class Error(ValueError):
    """A call that cannot be answered. All others of this module are one of these."""


class NumberError(Error, TypeError):
    """Something that is no number, nor an array of numbers."""


class KindError(Error):
    """A kind that is neither a call nor a put."""


class ShapeError(Error):
    """Arrays whose shapes do not go together."""


class OutputError(Error):
    """An ``out=`` that the results do not fit into."""


class ArgumentError(Error):
    """An option of the call that there is not."""


class FitError(Error):
    """A chain of quotes that no surface can be fitted to."""


class MissingError(Error, ImportError):
    """A package that is not installed, and without which this cannot be done."""
