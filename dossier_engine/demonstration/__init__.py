"""Invented work on real localities: a cast of people, the papers they bring, and a year of the programme.

Everything goes through the public commands. What is invented is marked "DỮ LIỆU MINH HỌA" wherever it is shown.
"""
