"""PostgreSQL: no two standing publications of an article overlap, and no fact of a publication changes.

SQLite has no exclusion constraints; articles.database installs triggers there after every migration.
"""

from django.db import migrations

# The empty range of one id stands in for equality, which gist indexes know for numbers only through an extension.
EXCLUDE = """
ALTER TABLE articles_publication ADD CONSTRAINT publication_no_overlap
EXCLUDE USING gist (
    int8range(article_id, article_id, '[]') WITH &&,
    tstzrange(visible_from, visible_until) WITH &&
) WHERE (voided_at IS NULL)
"""

FACTS = """
CREATE FUNCTION articles_publication_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.article_id, NEW.revision_id, NEW.kind, NEW.takes_over, NEW.visible_from, NEW.first_published_at,
        NEW.substantive_at, NEW.change_note, NEW.ground, NEW.public_reason, NEW.by_id, NEW.created_at)
       IS DISTINCT FROM
       (OLD.article_id, OLD.revision_id, OLD.kind, OLD.takes_over, OLD.visible_from, OLD.first_published_at,
        OLD.substantive_at, OLD.change_note, OLD.ground, OLD.public_reason, OLD.by_id, OLD.created_at)
       OR (OLD.voided_at IS NOT NULL
           AND (NEW.voided_at, NEW.void_cause) IS DISTINCT FROM (OLD.voided_at, OLD.void_cause))
       OR (OLD.suppressed_at IS NOT NULL AND NEW.suppressed_at IS DISTINCT FROM OLD.suppressed_at)
    THEN
        RAISE EXCEPTION 'publication_facts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_facts BEFORE UPDATE ON articles_publication
FOR EACH ROW EXECUTE FUNCTION articles_publication_facts()
"""

DROP = """
DROP TRIGGER publication_facts ON articles_publication;
DROP FUNCTION articles_publication_facts();
ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(EXCLUDE, params=None)
        schema_editor.execute(FACTS, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
