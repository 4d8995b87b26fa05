"""Papers (文书): what is said as plain data, set as PDF, pictures, Word and Excel, numbered, kept and checked by anybody.

    from qifu.kernel.documents import papers, typeset, issuing, word, excel

    # 1. A paper is a frozen value; all text in it is text, never markup.
    letter = papers.Letter(organ="明川区企业复工应急组", title="关于同意……复工的通知", to="某某有限公司",
                           body=(papers.Par("一、同意复工", "heading"), "自2月17日8时起……"), dated=date(2020, 2, 16))
    sheet = papers.Sheet(title="复工名单", columns=(papers.Column("企业", width=2), papers.Column("人数", "number")),
                         rows=[("骏驰", 126)], totals=("合计", 126), unit="家、人", filler="周敏", checker="王芸", mark="…")
    typeset.pdf(sheet); typeset.pages(sheet); word.docx(letter); excel.xlsx(sheet)      # bytes, [bytes], bytes, bytes

    # 2. A kind of paper says its word in numbers and whether it still holds; once, from AppConfig.ready().
    issuing.register(issuing.Kind(code="resumption.approval", label="复工通知书", word="复准", standing=fn))  # fn(issued, at) -> Standing

    # 3. Inside an action, in its transaction: 明复准〔2020〕17号, check code, QR, journal row. issue_many for batches.
    issued = issuing.issue("resumption.approval", letter, about=application.id, on=application, place=place_id, to=firm.name,
                           actor=actor, hat=hat, at=at)

    # 4. Inside acting, for pages: what stands about a thing, its bytes, its pictures.
    issuing.of(application.id); issuing.pdf_of(issued); issuing.pictures_of(issued)
    reverse("papers:paper", args=[issued.id])          # page with PDF, pictures, Word, stamped copies

    # 5. A table that somebody takes out of the system (up to 500 rows at once, above by a second person): exporting.

The worker keeps the PDF of each issued paper for ever within seconds (`issuing.keep_waiting`); until then the same bytes are
set on demand. Seals are behind the port `seals`. The public page /v/<code> and all pages of papers are project.papers'."""
