"""What a figure or a row holds back so that no few people's answers are told, by subtraction either."""
