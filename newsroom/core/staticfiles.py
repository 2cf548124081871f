"""Static files under names that change with their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

# An import at the head of a line that names a file beside it. Django's own pattern wants a semicolon, which our modules
# do without; bare names are the import map's.
RELATIVE_IMPORT = r"""(?m)^(?P<matched>(?P<statement>(?:import|export)\b[^"';]*)["'](?P<url>\.{1,2}/[^"']+)["'])"""


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed files under hashed names, which browsers may keep for good; sheets and modules name each other so.

    Were imports left as they are, a module would load its parts under names that stay the same from one version to the
    next, and a browser could mix two versions. Only hashed files are kept, as nothing asks for others: half the work,
    half the space.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("*.js", ((RELATIVE_IMPORT, """%(statement)s"%(url)s\""""),)),
    )
