"""What the scripts beside this folder are made of; none of it is part of the bot."""
