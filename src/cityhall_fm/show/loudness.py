"""How loud a programme is, and how loud it should be (ITU-R BS.1770, EBU R 128)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a meter read: integrated in LUFS, range in LU, true peak in dBTP."""

    integrated: float
    loudness_range: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class LoudnessTarget:
    """What a master must measure when it is decoded: integrated in LUFS, ceiling in dBTP."""

    integrated: float = -16.0
    true_peak: float = -1.0
    tolerance: float = 0.3

    def met_by(self, measured: Loudness) -> bool:
        """Tell whether the measured programme is on target and under the ceiling.

        >>> LoudnessTarget().met_by(Loudness(-16.2, 5.0, -1.4))
        True
        >>> LoudnessTarget().met_by(Loudness(-16.0, 5.0, -0.8))
        False
        """
        on_target = abs(measured.integrated - self.integrated) <= self.tolerance
        return on_target and measured.true_peak <= self.true_peak
