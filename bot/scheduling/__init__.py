"""The metronome: looks at the features' jobs every second. What is due, each job decides itself."""
