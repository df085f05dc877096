# SPDX-License-Identifier: MIT
"""Answers the heartbeats of M3UA, and sends them: an example for sctpx."""

from m3ua_heartbeat.messages import BadMessage, Kind, M3ua, decode, encode
from m3ua_heartbeat.prober import probe
from m3ua_heartbeat.responder import answer, serve

__all__ = ["BadMessage", "Kind", "M3ua", "answer", "decode", "encode", "probe", "serve"]
