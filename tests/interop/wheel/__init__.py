# SPDX-License-Identifier: MIT
"""A wheel of this tree, installed elsewhere, and what it and the tree say to each other."""
