"""Rules of escalation: the ladder, the split of work, the digest. Pure; time comes in as `now`."""
