# Texts of the setup, of settings, of work and of trust. Same ids in every language.
