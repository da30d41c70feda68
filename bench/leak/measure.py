"""From what was sent and what was received to a verdict."""
import math

CHANCE = 1e-6  # So rarely does chance alone look like a signal that it counts as none; and then a second run decides.


def guesses(values, numbers):
    """Bits from numbers: what is above the middle is one. The middle is between the quartiles: the median is itself one of the
    two values where a counter is exact and more than half of the bits are equal."""
    if not numbers:
        return values
    ordered = sorted(values)
    middle = (ordered[len(ordered) // 4] + ordered[len(ordered) * 3 // 4]) / 2
    return [1 if value > middle else 0 for value in values]


def chance(hits, bits):
    """How likely so many hits, or so few, are by chance: two-sided, binomial with one half."""
    away = max(hits, bits - hits)
    tail = sum(math.comb(bits, k) for k in range(away, bits + 1)) / 2 ** bits
    return min(1.0, 2 * tail)


def capacity(hits, bits):
    """Bits that get through with each that is sent: the capacity of a binary symmetric channel."""
    wrong = 1 - hits / bits
    if wrong in (0.0, 1.0):
        return 1.0
    return 1 + wrong * math.log2(wrong) + (1 - wrong) * math.log2(1 - wrong)


class Measured:
    """What came of one way."""

    def __init__(self, sent, got, numbers, why, milliseconds):
        self.bits = len(sent)
        self.hits = sum(a == b for a, b in zip(sent, guesses(got, numbers)))
        self.chance = chance(self.hits, self.bits)
        self.rate = capacity(self.hits, self.bits) * 1000 / milliseconds if self.heard else 0.0
        self.why = why

    @classmethod
    def of(cls, fields):
        """What was kept of one."""
        made = cls.__new__(cls)
        made.__dict__.update(fields)
        return made

    @property
    def heard(self):
        return self.chance < CHANCE

    def __str__(self):
        if self.heard:
            return f"**{self.rate:.1f} bit/s** ({self.hits}/{self.bits})" if self.rate < 1000 else f"**{self.rate:.0f} bit/s**"
        return f"{self.hits}/{self.bits}"
