"""Users, sign-ins and favourites: it imports no other package of ours, and all but catalog may import it."""
