"""A workbook's archive with some of its parts replaced, and all others as they lie in it."""

import copy
import io
import struct
import zipfile

LOCAL = struct.Struct("<4s5H3L2H")  # header before each part; its last two fields say how long name and extra are


def with_parts(content, parts):
    """An archive [bytes] with parts replaced, {name: bytes}; the others are not even unpacked."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for info in source.infolist():
            if info.filename in parts:
                renewed = zipfile.ZipInfo(info.filename, info.date_time)
                renewed.compress_type, renewed.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
                out.writestr(renewed, parts[info.filename])
            else:
                _copy(content, info, out)
    return target.getvalue()


def _copy(content, info, out):
    """Copy a part as it is packed."""
    *_, name, extra = LOCAL.unpack_from(content, info.header_offset)
    start = info.header_offset + LOCAL.size + name + extra
    kept = copy.copy(info)
    kept.flag_bits &= ~0x08  # sizes stand in the header, not behind the part
    kept.header_offset = out.fp.tell()
    out.fp.write(kept.FileHeader())
    out.fp.write(content[start:start + info.compress_size])
    out.filelist.append(kept)
    out.NameToInfo[kept.filename] = kept
    out.start_dir = out.fp.tell()
