"""The picture of light and heavy branches in the README (see scripts/generate-docs)."""

TOKENS, CHOSEN = 16, (2, 6, 7, 13)
SIZE, GAP, LEFT, WIDTH, HEIGHT = 26, 8, 120, 720, 400
PLAIN, ROUTED, LIGHT, HEAVY, LINE, TEXT = "#d8dee6", "#e8833a", "#e6eef7", "#fbe6d6", "#8a94a0", "#1f2733"


def column(index):
    return LEFT + index * (SIZE + GAP)


def text(x, y, words, size=14, anchor="start", weight="normal"):
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{TEXT}">{words}</text>')


def box(x, y, width, height, fill):
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" stroke="{LINE}"/>'


def arrow(x1, y1, x2, y2, color=LINE, width=1):
    return (f'<path d="M{x1:g} {y1:g} L{x2:g} {y2:g}" stroke="{color}" stroke-width="{width}" fill="none" '
            f'marker-end="url(#{"routed" if color == ROUTED else "plain"})"/>')


def tokens(y, label):
    middle = y + SIZE / 2 + 5
    parts = [text(16, middle, label)]
    for i in range(TOKENS):
        parts.append(f'<rect x="{column(i)}" y="{y}" width="{SIZE}" height="{SIZE}" rx="4" '
                     f'fill="{ROUTED if i in CHOSEN else PLAIN}"/>')
    return parts


def marker(name, color):
    return (f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            f'<path d="M0 0 L8 4 L0 8 z" fill="{color}"/></marker>')


def branches_picture():
    right = column(TOKENS - 1) + SIZE
    center = SIZE / 2
    heavy_left, heavy_step = column(5), SIZE + 34
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-family="Helvetica, Arial, sans-serif" role="img">',
             "<title>Every token takes the light branch; the tokens that a router selects also take the heavy branch</title>",
             f"<defs>{marker('plain', LINE)}{marker('routed', ROUTED)}</defs>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="#ffffff"/>']
    parts += tokens(20, "tokens")
    # The light branch, one arrow in and out per token; what follows is drawn on top of it.
    aside = {i: column(i) + center - (6 if i in CHOSEN else 0) for i in range(TOKENS)}
    parts += [arrow(aside[i], 48, aside[i], 76) for i in range(TOKENS)]
    parts += [arrow(aside[i], 108, aside[i], 338) for i in range(TOKENS)]
    parts += [box(LEFT - 8, 78, right - LEFT + 16, 30, LIGHT),
              text((LEFT + right) / 2, 98, "light branch: every token, small width", anchor="middle")]
    # The heavy branch, for the routed tokens only. It reads the tokens themselves.
    parts += [text(16, 158, "router, top-k,"), text(16, 176, "gather")]
    for slot, i in enumerate(CHOSEN):
        x, start = heavy_left + slot * heavy_step, column(i) + center + 6
        parts += [f'<path d="M{start:g} 46 L{start:g} 132" stroke="{ROUTED}" stroke-width="2" fill="none"/>',
                  arrow(start, 132, x + center, 160, ROUTED, 2),
                  f'<rect x="{x:g}" y="164" width="{SIZE}" height="{SIZE}" rx="4" fill="{ROUTED}"/>',
                  arrow(x + center, 192, x + center, 214, ROUTED, 2),
                  arrow(x + center, 284, start, 338, ROUTED, 2)]
    heavy_right = heavy_left + (len(CHOSEN) - 1) * heavy_step + SIZE
    parts += [box(heavy_left - 24, 218, heavy_right - heavy_left + 48, 64, HEAVY),
              text((heavy_left + heavy_right) / 2, 246, "heavy branch:", anchor="middle"),
              text((heavy_left + heavy_right) / 2, 264, "k tokens, large width", anchor="middle"),
              text(16, 312, "weighted"), text(16, 330, "scatter-add")]
    parts += tokens(342, "result")
    return "\n".join([*parts, "</svg>", ""])
