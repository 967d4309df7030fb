-- Whether any file has this content: asked before an embedding is taken away that files of equal content share.
create index files_by_content on files (content_sha256) where content_sha256 is not null;
