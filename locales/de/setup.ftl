# Texte der Einrichtung, der Einstellungen, der Arbeit und des Vertrauens. Dieselben Namen in jeder Sprache.
