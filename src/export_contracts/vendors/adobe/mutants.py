"""Servers with one defect, and clients with one."""
