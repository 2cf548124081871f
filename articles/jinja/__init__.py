"""What the public templates may ask of this app."""

from __future__ import annotations

from articles import notices
from articles.addresses import address
from articles.jinja import data, paper, pictures

GLOBALS = {
    "absolute": paper.absolute,
    "article_data": data.article_data,
    "kicker": paper.kicker,
    "month_url": paper.month_url,
    "page_numbers": paper.page_numbers,
    "page_path": paper.page_path,
    "paper": paper.Paper(),
    "paper_pages": paper.paper_pages,
    "paper_sections": paper.paper_sections,
    "paper_url": address,
    "picture": pictures.picture,
    "preview_picture": data.preview_picture,
    "share_links": paper.share_links,
    "story_time": paper.story_time,
    "zone_times": paper.zone_times,
}
FILTERS = {
    "dressed": paper.dressed,
    "edition": paper.edition,
    "figured": pictures.figured,
    "fitting": paper.fitting,
    "framed": paper.framed,
    "initials": paper.initials,
    "is_long": paper.is_long,
    "is_web_address": paper.is_web_address,
    "iso_day": paper.iso_day,
    "log_time": paper.log_time,
    "month": paper.month,
    "month_name": paper.month_name,
    "names": paper.names,
    "notices": notices.on,
    "places": paper.places,
    "showable": pictures.showable,
    "stamp": paper.stamp,
    "weekday": paper.weekday,
}
