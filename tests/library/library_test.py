#!/usr/bin/python3
"""The lending library over HTTP: automatic routes, events both ways, the rule written by hand, and
the timer. Usage: library_test.py BUILD"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "system"))
from cluster import Client, Cluster, eventually  # noqa: E402

BOOK = {"isbn": "9780000000000", "title": "A Book", "authors": ["Somebody"], "notes": {"en": "good"}}


def check(condition, *what):
    if not condition:
        raise AssertionError(*what)


def add_book(catalogue, number):
    reply = catalogue.post("/books", {**BOOK, "isbn": f"97800000{number:05}"})
    check(reply.status == 201, reply.status, reply.body)
    return reply.json()


def lend(lending, member, book):
    """Lends a book; it may not have arrived there yet."""
    def probe():
        reply = lending.post("/loans", {"member": member["id"], "book": book["id"]})
        return reply if reply.status != 404 else None
    return eventually(probe, what="the book's arrival")


def test_defaults_and_constraints_hold(catalogue):
    book = add_book(catalogue, 1)
    check(book["shelf"] == "fiction" and book["pages"] == 100, "defaults", book)
    check(book["published"] is None and book["notes"] == {"en": "good"}, book)
    reply = catalogue.post("/books", {**BOOK, "isbn": "978000000000", "authors": ["x", "x"], "pages": 0})
    check(reply.status == 400, reply.status)
    check(reply.fields() == ["authors", "isbn", "pages"], reply.fields())
    check(catalogue.post("/books", {**BOOK, "isbn": book["isbn"]}).status == 409, "isbn twice")
    body = {**BOOK, "isbn": book["isbn"], "shelf": "for-children", "published": "1999-12-31"}
    changed = catalogue.put(f"/books/{book['id']}", body).json()
    check(changed["shelf"] == "for-children" and changed["version"] == 2, changed)
    found = catalogue.get("/books?shelf=for-children").json()["items"]
    check([b["id"] for b in found] == [book["id"]], found)
    check(catalogue.get("/books?shelf=science").json()["items"] == [], "none there")
    check(catalogue.get("/books?shelf=nowhere").status == 400, "no such shelf")


def test_a_patch_changes_what_it_gives(catalogue):
    """A PATCH changes what it gives and nothing else; a PUT gives all, so defaults come back."""
    book = catalogue.post("/books", {**BOOK, "isbn": "9780000000072", "shelf": "science", "pages": 7,
                                     "published": "2001-02-03"}).json()
    path = f"/books/{book['id']}"

    def patch(body, **headers):
        return catalogue.request("PATCH", path, body, headers=headers)
    for body, change in (
            ({"title": "Amended"}, {"title": "Amended"}),
            ({"published": None}, {"published": None}),
            ({"pages": None}, {"pages": 100}),
            ({"notes": {"de": "gut"}}, {"notes": {"en": "good", "de": "gut"}}),
            ({"notes": {"en": None}}, {"notes": {"de": "gut"}}),
            ({"authors": ["Other"]}, {"authors": ["Other"]}),
            ({}, {})):
        book = {**book, **change, "version": book["version"] + 1}
        reply = patch(body)
        check(reply.status == 200 and reply.json() == book, body, reply.body)
    check(catalogue.get(path).json() == book, "stored")
    for body, fields in (({"title": None}, ["title"]), ({"pages": 0}, ["pages"]),
                         ({"authors": []}, ["authors"]), ({"id": "x"}, ["id"]),
                         ({"title": 1, "shelf": "none"}, ["shelf", "title"])):
        reply = patch(body)
        check(reply.status == 400 and reply.fields() == fields, body, reply.body)
    check(patch({"title": "x"}, **{"If-Match": '"1"'}).status == 412, "changed since")
    check(patch({"title": "y"}, **{"Content-Type": "application/merge-patch+json"}).status == 200)
    check(patch({"isbn": add_book(catalogue, 73)["isbn"]}).status == 409, "isbn twice")
    put = catalogue.put(path, {**BOOK, "isbn": book["isbn"]}).json()
    check(put["shelf"] == "fiction" and put["pages"] == 100 and put["published"] is None, put)


def test_fixed_text_of_a_path_beats_a_parameter(catalogue):
    """Fixed text in a path comes before a parameter at the same place."""
    add_book(catalogue, 74)
    reply = catalogue.get("/books/shelved")
    check(reply.status == 200 and len(reply.json()["items"]) > 0, reply.body)


def test_pages_of_sites_that_the_schema_names_may_call(catalogue):
    """Preflight, and the answer to it, for a page of a site that the schema names, and of others."""
    room, other = "https://reading-room.example", "https://other.example"
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type"}
    allowed = catalogue.request("OPTIONS", "/books/1", headers={**asked, "Origin": room})
    check(allowed.status == 204 and allowed.body == b"", allowed.status, allowed.body)
    check(allowed.headers["Access-Control-Allow-Origin"] == room, allowed.headers)
    check("PATCH" in allowed.headers["Access-Control-Allow-Methods"], allowed.headers)
    check("Content-Type" in allowed.headers["Access-Control-Allow-Headers"], allowed.headers)
    check("Access-Control-Allow-Credentials" not in allowed.headers, "no cookies")
    refused = catalogue.request("OPTIONS", "/books/1", headers={**asked, "Origin": other})
    check(refused.status == 204 and refused.headers["Allow"] == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
          refused.headers)
    check(not any(name.startswith("Access-Control") for name in refused.headers), refused.headers)
    check(catalogue.request("OPTIONS", "/nothing").status == 404, "no such path")

    def post(origin, **more):
        return catalogue.post("/books", {**BOOK, "isbn": "9780000000075"},
                              headers={"Origin": origin, "Sec-Fetch-Site": "cross-site", **more})
    check(post(other).status == 403, "another site")
    check(post(room, Cookie="session=x").status == 403, "with a cookie, which the schema does not allow")
    made = post(room)
    check(made.status == 201 and made.headers["Access-Control-Allow-Origin"] == room, made.headers)
    check("Location" in made.headers["Access-Control-Expose-Headers"], made.headers)
    again = post(room)
    check(again.status == 409 and again.headers["Access-Control-Allow-Origin"] == room, "errors, too")
    shown = catalogue.get(made.headers["Location"], headers={"Origin": other})
    check(shown.status == 200 and shown.headers["Vary"] == "Origin", shown.headers)
    check("Access-Control-Allow-Origin" not in shown.headers, shown.headers)
    head = catalogue.request("HEAD", made.headers["Location"])
    check(head.status == 200 and head.body == b"" and head.headers["ETag"] == shown.headers["ETag"])


def test_by_unique_field(catalogue):
    """A record named by a field that is unique, not by its id."""
    book = add_book(catalogue, 70)
    path = f"/books/isbn/{book['isbn']}"
    check(catalogue.get(path).json() == book, "the same book")
    check(catalogue.get(path).headers["ETag"] == catalogue.get(f"/books/{book['id']}").headers["ETag"])
    body = {**BOOK, "isbn": book["isbn"], "title": "Corrected"}
    seen = {"If-Match": catalogue.get(path).headers["ETag"]}
    changed = catalogue.put(path, body, headers=seen)
    check(changed.status == 200 and changed.json()["title"] == "Corrected", changed.body)
    check(catalogue.put(path, body, headers=seen).status == 412, "changed since")
    moved = catalogue.put(path, {**body, "isbn": "9780000000071"}).json()
    check(moved["isbn"] == "9780000000071" and catalogue.get(path).status == 404, "it moved")
    for name in (book["id"], "", "%00", "x" * 300, "9780000000071%20", "..", "978000000007"):
        check(catalogue.get(f"/books/isbn/{name}").status in (400, 404), name)


def test_a_stale_version_is_refused(catalogue):
    """Automatic routes mind the version that the client has seen, and what is not theirs to set."""
    book = add_book(catalogue, 80)
    path, body = f"/books/{book['id']}", {**BOOK, "isbn": book["isbn"]}
    seen = catalogue.get(path).headers["ETag"]
    changed = catalogue.put(path, {**body, "title": "First"}, headers={"If-Match": seen})
    check(changed.status == 200 and changed.headers["ETag"] != seen, changed.status, changed.body)
    for reply in (catalogue.put(path, {**body, "title": "Second"}, headers={"If-Match": seen}),
                  catalogue.delete(path, headers={"If-Match": seen})):
        check(reply.status == 412, reply.status, reply.body)
        check(reply.headers["Content-Type"] == "application/problem+json", reply.headers)
    for name, value in (("id", "mine"), ("version", 9)):
        reply = catalogue.put(path, {**body, name: value})
        check(reply.status == 400 and reply.fields() == [name], reply.status, reply.body)
    kept = catalogue.get(path).json()
    check((kept["title"], kept["version"]) == ("First", 2), kept)
    check(catalogue.put("/books/none", body).status == 404, "no such book to change")
    check(catalogue.delete("/books/none").status == 404, "no such book to remove")


def test_members_are_listed_changed_and_removed(lending):
    member = {"name": " Ann ", "email": "Ann@Example.com", "joined": "2026-01-31"}
    ann = lending.post("/members", member).json()
    check((ann["name"], ann["email"], ann["fee"]) == ("Ann", "ann@example.com", 12.5), ann)
    check(lending.post("/members", member).status == 409, "email twice")
    bob = lending.post("/members", {**member, "name": "Bob", "email": "bob@example.com"}).json()
    names = [m["name"] for m in lending.get("/members?sort=-by_name").json()["items"]]
    check(names == ["Bob", "Ann"], names)
    check(lending.delete(f"/members/{bob['id']}").status == 204, "leaves")
    check(lending.get(f"/members/{bob['id']}").status == 404, "is gone")
    return ann


def test_the_rule_written_by_hand_holds(catalogue, lending, ann):
    loans = []
    for number in range(2, 4):
        reply = lend(lending, ann, add_book(catalogue, number))
        check(reply.status == 201, reply.status, reply.body)
        loans.append(reply.json())
    check(loans[0]["book"]["title"] == "A Book", "the reply has the book", loans[0])
    again = lending.post("/loans", {"member": ann["id"], "book": loans[0]["book"]["id"]})
    check(again.status == 409 and again.json()["detail"] == "The book is lent", again.body)
    reply = lend(lending, ann, add_book(catalogue, 4))
    check(reply.status == 201, reply.body)
    reply = lend(lending, ann, add_book(catalogue, 5))
    check(reply.status == 409, reply.status)
    check(reply.json()["detail"] == "Three books at a time are enough", reply.body)
    early = lending.put(f"/loans/{loans[0]['id']}/return", {"returnedAt": "2000-01-01T00:00:00.000Z"})
    check(early.status == 400 and early.fields() == ["returnedAt"], early.status, early.body)
    back = lending.put(f"/loans/{loans[0]['id']}/return", {"returnedAt": "2999-01-01T00:00:00.000Z"})
    check(back.status == 200, back.status, back.body)
    check(lend(lending, ann, add_book(catalogue, 6)).status == 201, "one came back")
    return loans


def pages(lending, query):
    """All ids of a list, page by page, and how many pages it took."""
    ids, count, after = [], 0, ""
    while after is not None:
        reply = lending.get(f"/at-home?{query}" + (f"&after={after}" if after else ""))
        check(reply.status == 200, reply.status, reply.body)
        page = reply.json()
        ids += [loan["id"] for loan in page["items"]]
        count, after = count + 1, page["next"]
    return ids, count


def test_lists_by_index_are_sorted_and_selected(lending, ann):
    """A list that is written by hand: its filter, order, pages, and what it refuses."""
    whole, _ = pages(lending, "limit=100")
    check(len(whole) == 3, whole)
    check(pages(lending, "limit=2") == (whole, 2), "page by page")
    check(pages(lending, "limit=2&sort=-open_by_due") == (whole[::-1], 2), "the other way")
    check(pages(lending, f"limit=1&member={ann['id']}") == (whole, 3), "of one member")
    check(pages(lending, "member=nobody") == ([], 1), "of nobody")
    items = lending.get("/at-home?sort=open_by_due").json()["items"]
    check([loan["book"]["title"] for loan in items] == ["A Book"] * 3, "with their books", items)
    check([loan["dueAt"] for loan in items] == sorted(loan["dueAt"] for loan in items), items)
    cursor = lending.get("/at-home?limit=1").json()["next"]
    for query, field in ((f"after={cursor}&sort=-open_by_due", "after"), ("after=!", "after"),
                         (f"after={cursor}&member={ann['id']}", "after"),
                         ("limit=0", "limit"), ("limit=101", "limit"), ("sort=by_member", "sort"),
                         ("shelf=fiction", "shelf")):
        reply = lending.get(f"/at-home?{query}")
        check(reply.status == 400 and reply.fields() == [field], query, reply.status, reply.body)
        check(reply.headers["Content-Type"] == "application/problem+json", reply.headers)


def test_a_removed_book_goes_from_the_replica(catalogue, lending, ann):
    """A replica follows its record to the end, over a change on the way."""
    book = add_book(catalogue, 90)
    back = lend(lending, ann, book)
    check(back.status == 201 or back.status == 409, back.status, back.body)
    changed = catalogue.put(f"/books/{book['id']}", {**BOOK, "isbn": book["isbn"], "title": "New"})
    check(changed.status == 200, changed.body)
    check(catalogue.delete(f"/books/{book['id']}").status == 204, "is removed")
    check(catalogue.get(f"/books/{book['id']}").status == 404, "is gone")
    eventually(lambda: lending.post("/loans", {"member": ann["id"], "book": book["id"]}).status == 404,
               what="the removal's arrival")


def main():
    settings = {"lending": ["loan_period=2s"]}
    with Cluster(sys.argv[1], settings, ("catalogue", "lending"), "tests/library",
                 "tests/library/gen") as cluster:
        catalogue, lending = Client(cluster, "catalogue"), Client(cluster, "lending")
        test_defaults_and_constraints_hold(catalogue)
        test_by_unique_field(catalogue)
        test_pages_of_sites_that_the_schema_names_may_call(catalogue)
        test_a_patch_changes_what_it_gives(catalogue)
        test_fixed_text_of_a_path_beats_a_parameter(catalogue)
        test_a_stale_version_is_refused(catalogue)
        ann = test_members_are_listed_changed_and_removed(lending)
        loans = test_the_rule_written_by_hand_holds(catalogue, lending, ann)
        test_lists_by_index_are_sorted_and_selected(lending, ann)
        eventually(lambda: len(catalogue.get("/lent").json()["items"]) == 4, what="four loans")
        late = eventually(lambda: (loan := lending.get(f"/loans/{loans[1]['id']}").json())["overdue"]
                          and loan, what="the mark of an overdue loan")
        check(late["version"] == 2, late)
        kept = lending.get(f"/loans/{loans[0]['id']}").json()
        check(not kept["overdue"], "what is back is not overdue", kept)
        mine = lending.get(f"/loans?member={ann['id']}").json()["items"]
        check(len(mine) == 4, mine)
        test_a_removed_book_goes_from_the_replica(catalogue, lending, ann)
    print("ok")


main()
