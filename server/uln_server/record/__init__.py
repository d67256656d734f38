"""What learners have achieved: submitted, judged, and kept as awards (domain §9)."""
