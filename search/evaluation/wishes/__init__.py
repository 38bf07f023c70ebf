"""A picture and a wish that changes something about it: labelled by a catalogue, measured by weight."""
