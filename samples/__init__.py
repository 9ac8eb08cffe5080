"""Two invented meetings with their sound, script, true findings and case: an IEP meeting and a Section 504 meeting.

All people, schools and districts are made up. The voices are free synthetic ones; samples/README.md names them.
"""

from samples.sample import NAMES, Sample, sample, script_meeting, script_transcript

__all__ = ["NAMES", "Sample", "sample", "script_meeting", "script_transcript"]
