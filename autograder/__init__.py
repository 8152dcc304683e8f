"""The instructor's side: references, hidden checks, building, trusted grading. Students never see it."""
