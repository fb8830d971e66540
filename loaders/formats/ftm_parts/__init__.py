"""How entities of FollowTheMoney become facts."""
