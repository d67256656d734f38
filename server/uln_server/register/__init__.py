"""The Learner Register, pure: learners, verifying, finding, merging."""
