"""Reads event files: TFRecord frames with their checksums, and as much of Event messages as scalars need. Standard library only, written from
the formats' descriptions and not from our writer."""

import struct


def crc32c(data):
    """Bit by bit, the reflected polynomial 0x82F63B78."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def frames(data):
    """The records of a file; a wrong checksum or a rest is an error."""
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        if masked(data[at:at + 8]) != check:
            raise ValueError(f"checksum of the length at byte {at}")
        record = data[at + 12:at + 12 + length]
        if len(record) != length or masked(record) != struct.unpack_from("<I", data, at + 12 + length)[0]:
            raise ValueError(f"checksum of the record at byte {at}")
        yield record
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def fields(data):
    """(number, value) of a message: integers, and raw bytes for everything else."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(key & 7)
            if length is None:
                length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        yield key >> 3, value


def scalars(path):
    """[(tag, step, value, wall time)] of an event file; its first event must say the version."""
    out = []
    for number, record in enumerate(frames(path.read_bytes())):
        event = dict(fields(record))
        if number == 0:
            if event[3] != b"brain.Event:2":
                raise ValueError("the first event says no version")
            continue
        value = dict(fields(dict(fields(event[5]))[1]))
        out.append((value[1].decode(), event.get(2, 0), struct.unpack("<f", value[2])[0], struct.unpack("<d", event[1])[0]))
    return out
