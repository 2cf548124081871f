# ruff: noqa: E501  (clipboards are what they are)
"""What word processors put on the clipboard, in the shape they put it there; the words are ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A clipboard, and the text that should arrive."""

    name: str
    html: str
    expected: str
    plain: str = ""


WORD = Sample(
    "word",
    """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif} @page WordSection1 {size:595.3pt} --></style>
</head><body lang=IN style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='mso-style-next:Normal'><span lang=IN style='mso-ansi-language:IN'>Jalur baru<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:8.0pt'><span lang=IN>Kapal <b style='mso-bidi-font-weight:normal'>tanker</b> itu
<i style='mso-bidi-font-style:normal'>berbalik</i> arah.<span style='mso-spacerun:yes'>&nbsp; </span>Tidak ada yang tahu.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=IN>Batam<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]><span lang=IN>Sekupang<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><span lang=IN>Natuna<o:p></o:p></span></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>3.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Ketiga<o:p></o:p></p>
<p class=MsoQuote>Kami menunggu.<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none'><tr style='mso-yfti-irow:0'>
<td width=301 valign=top style='width:225.4pt;border:solid windowtext 1.0pt'><p class=MsoNormal>Pelabuhan<o:p></o:p></p></td>
<td width=301 valign=top style='width:225.4pt'><p class=MsoNormal>Kapal<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><a href="https://example.org/data?x=1&amp;y=2"><span style='color:#0563C1'>Data</span></a><a style='mso-footnote-id:ftn1'
href="#_ftn1" name="_ftnref1" title=""></a><o:p></o:p></p>
<!--EndFragment--></body></html>""",
    "<h2>Jalur baru</h2>"
    "<p>Kapal <strong>tanker</strong> itu <em>berbalik</em> arah. Tidak ada yang tahu.</p>"
    "<ul><li><p>Batam</p><ul><li><p>Sekupang</p></li></ul></li><li><p>Natuna</p></li></ul>"
    '<ol start="3"><li><p>Ketiga</p></li></ol>'
    "<blockquote><p>Kami menunggu.</p></blockquote>"
    "<table><tbody><tr><td><p>Pelabuhan</p></td><td><p>Kapal</p></td></tr></tbody></table>"
    '<p><a href="https://example.org/data?x=1&amp;y=2">Data</a></p>',
)

WORD_ON_THE_WEB = Sample(
    "word on the web",
    """<div class="OutlineElement Ltr SCXW1 BCX0" style="direction:ltr;margin:0px"><p class="Paragraph SCXW1" style="margin:0px">
<span data-contrast="auto" class="TextRun SCXW1" style="font-weight:bold;font-size:11pt"><span class="NormalTextRun SCXW1">Tebal</span></span>
<span class="TextRun SCXW1" style="font-weight:normal"><span class="NormalTextRun">biasa</span></span><span class="EOP SCXW1" style="font-size:11pt">&nbsp;</span></p></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1" role="list" style="margin:0"><li data-leveltext="" data-aria-level="1" role="listitem" class="OutlineElement"><p class="Paragraph" style="margin:0"><span class="TextRun">Satu</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle2" role="list"><li data-aria-level="2" class="OutlineElement"><p class="Paragraph"><span class="TextRun">Anak</span></p></li></ul></div>
<div class="ListContainerWrapper SCXW1"><ul class="BulletListStyle1" role="list"><li data-aria-level="1"><p class="Paragraph"><span class="TextRun">Dua</span></p></li></ul></div>""",
    "<p><strong>Tebal</strong> biasa</p><ul><li><p>Satu</p><ul><li><p>Anak</p></li></ul></li><li><p>Dua</p></li></ul>",
)

GOOGLE_DOCS = Sample(
    "google docs",
    """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0c1d2e3f-7fff">
<h2 dir="ltr" style="line-height:1.38;margin-top:18pt;"><span style="font-size:16pt;font-family:Arial,sans-serif;color:#000000;font-weight:400;white-space:pre-wrap;">Laut yang sama</span></h2>
<p dir="ltr" style="line-height:1.38;margin-top:0pt;"><span style="font-size:11pt;font-weight:400;font-style:normal;">Ini teks biasa, </span><span style="font-size:11pt;font-weight:700;font-style:normal;">ini tebal</span><span style="font-weight:400;font-style:italic;"> dan ini miring</span><span style="font-weight:400;">.</span></p>
<br />
<p dir="ltr" style="line-height:1.38;"><a href="https://www.google.com/url?q=https://example.org/laporan&amp;sa=D&amp;source=editors&amp;ust=1" style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">Laporan</span></a></p>
<ul style="margin-top:0;padding-inline-start:48px;"><li dir="ltr" style="list-style-type:disc;font-weight:400;" aria-level="1"><p dir="ltr" role="presentation"><span>Satu</span></p></li>
<ul style="padding-inline-start:48px;"><li dir="ltr" style="list-style-type:circle;" aria-level="2"><p dir="ltr" role="presentation"><span>Satu a</span></p></li></ul>
<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Dua</span></p></li></ul>
<p dir="ltr">&nbsp;</p></b><br class="Apple-interchange-newline">""",
    "<h2>Laut yang sama</h2>"
    "<p>Ini teks biasa, <strong>ini tebal</strong><em> dan ini miring</em>.</p>"
    '<p><a href="https://example.org/laporan">Laporan</a></p>'
    "<ul><li><p>Satu</p><ul><li><p>Satu a</p></li></ul></li><li><p>Dua</p></li></ul>",
)

WORDPRESS = Sample(
    "wordpress page",
    """<meta charset='utf-8'><p style="box-sizing:inherit;margin:0 0 1.5em;color:rgb(64,64,64)">Baris satu<br style="x">baris dua</p>
<h2 class="wp-block-heading" style="font-weight:700">Respons <strong style="font-weight:700">Seoul</strong></h2>
<figure class="wp-block-image size-large"><img src="https://example.org/a.jpg" onerror="alert(1)" alt="x" style="width:100%"><figcaption class="wp-element-caption">Tangkapan layar</figcaption></figure>
<figure class="wp-block-pullquote"><blockquote><p>Langkah ini mengubah tatanan.</p></blockquote></figure>
<blockquote class="wp-block-quote"><p>Kutipan biasa.</p></blockquote>
<figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr><th>Negara</th></tr></thead><tbody><tr><td>Korsel</td></tr></tbody></table></figure>
<p>&nbsp;</p><p><a href="javascript:alert(1)" onclick="alert(1)">Tautan jahat</a> <a href="/relatif">relatif</a></p>""",
    "<p>Baris satu<br>baris dua</p>"
    "<h2>Respons Seoul</h2>"
    "<p>Tangkapan layar</p>"
    '<aside class="pull-quote"><p>Langkah ini mengubah tatanan.</p></aside>'
    "<blockquote><p>Kutipan biasa.</p></blockquote>"
    "<table><tbody><tr><th><p>Negara</p></th></tr><tr><td><p>Korsel</p></td></tr></tbody></table>"
    "<p>Tautan jahat relatif</p>",
)

WORDPRESS_BLOCKS = Sample(
    "wordpress code editor",
    "",
    "<p>Alinea dari kode.</p><h3>Sub</h3><ul><li><p>Butir</p></li></ul>",
    plain="<!-- wp:paragraph -->\n<p>Alinea dari kode.</p>\n<!-- /wp:paragraph -->\n\n"
    '<!-- wp:heading {"level":3} -->\n<h3 class="wp-block-heading">Sub</h3>\n<!-- /wp:heading -->\n\n'
    "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>Butir</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->",
)

HOSTILE = Sample(
    "hostile page",
    """<p style="background:url(//evil.example/x)" onmouseover="alert(1)">Teks<script>alert(1)</script><svg onload="alert(1)"><g/></svg>
<a href="java&#115;cript:alert(1)">satu</a> <a href="data:text/html,x">dua</a><iframe src="//evil.example"></iframe>
<math><mtext></p><style>p{color:red}</style></mtext></math><p>Akhir &lt;script&gt;</p>""",
    "<p>Teks satu dua</p><p>Akhir &lt;script&gt;</p>",
)

SAMPLES = (WORD, WORD_ON_THE_WEB, GOOGLE_DOCS, WORDPRESS, WORDPRESS_BLOCKS, HOSTILE)
