# What tests of clients say when something is not as it must be.
from wire import Refused


class Wrong(Exception):
    """What a test found."""


def need(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def refusal_of(call, *arguments, **named):
    """The error with which a call is refused, as it must be."""
    try:
        result = call(*arguments, **named)
    except Refused as refused:
        return refused
    raise Wrong(f"not refused: {result}")
