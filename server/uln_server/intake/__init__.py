"""Batch files that organisations put into their folders: taken, checked, made into jobs, reported on (domain §8).

``folders`` knows where files lie, ``arrivals`` which of them are whole; ``intake`` takes each a step further, and
``running`` does so as long as there is something to do. What is known of a file stands in the register
(``batch.intake_file``), and a step that was begun can be begun again.
"""
