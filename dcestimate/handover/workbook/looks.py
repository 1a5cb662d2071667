"""How cells look: one palette, few looks; a pale green cell is a formula that follows what it names."""

FORMAT = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "text_wrap": True, "valign": "vcenter",
        "align": "center", "border": 1, "border_color": "#FFFFFF"}
LIVE = {"bg_color": "#EAF4EA"}
EDGE = {"bottom": 1, "bottom_color": "#D9D9D9"}
LOOKS = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
    "subtitle": {"font_size": 11, "font_color": "#404040"},
    "note": {"font_color": "#595959"},
    "paragraph": {"font_color": "#595959", "text_wrap": True},
    "section": {"bold": True, "font_size": 12, "font_color": "#1F4E79"},
    "head": HEAD,
    "under": {"italic": True, "font_color": "#7F7F7F", "font_size": 8, "text_wrap": True, **EDGE},
    "text": EDGE,
    "wrap": EDGE | {"text_wrap": True},
    "unit": EDGE | {"indent": 1, "font_color": "#595959"},
    "strong": EDGE | {"bold": True},
    "code": EDGE | {"font_name": "Consolas", "font_size": 9, "text_wrap": True},
    "line": {"font_name": "Consolas", "font_size": 9},
    "link": EDGE | {"font_color": "#1F5FBF", "underline": 1},
    "number": EDGE | {"align": "right"},
    "missing": EDGE | {"align": "right", "font_color": "#A6A6A6"},
    "live": EDGE | LIVE | {"align": "right"},
    "live_total": LIVE | {"bold": True, "top": 1, "bottom": 1, "align": "right"},
    "total": {"bold": True, "top": 1, "bottom": 1},
    "assumed": EDGE | {"align": "right", "bg_color": "#FFF4D6"},
    "given": EDGE | {"align": "right", "bg_color": "#DCE9F7", "bold": True},
    "good": {"bold": True, "font_size": 14, "font_color": "#FFFFFF", "bg_color": "#2E7D32", "align": "center",
             "valign": "vcenter"},
    "bad": {"bold": True, "font_size": 14, "font_color": "#FFFFFF", "bg_color": "#B3261E", "align": "center",
            "valign": "vcenter"},
    "short": EDGE | {"font_color": "#B3261E", "bold": True},
}
