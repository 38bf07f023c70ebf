"""What the words of a query stand for, before they are read: emoji, two words in one, words that only ask."""
