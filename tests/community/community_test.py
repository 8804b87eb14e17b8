#!/usr/bin/python3
"""The community over HTTP: what records are given, who may touch them, lists, and what is refused.
Usage: community_test.py BUILD"""
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "system"))
from cluster import Client, Cluster  # noqa: E402

PASSWORD = "correct horse"


def check(condition, *what):
    if not condition:
        raise AssertionError(*what)


def expect(reply, status, fields=None):
    check(reply.status == status, reply.status, reply.body)
    if fields is not None:
        check(reply.fields() == fields, reply.fields())
    return reply.json() if reply.body else None


def ids(page):
    return [item["id"] for item in page["items"]]


def join(cluster, name):
    client = Client(cluster, "forum")
    person = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
    client.person = expect(client.post("/people", person), 201)
    return client


def write(client, title, **more):
    body = {"title": title, "body": "Some text.", "tags": [], **more}
    return expect(client.post("/articles", body), 201)


def test_people_join_sign_in_and_are_shown(cluster, ann):
    guest = Client(cluster, "forum")
    check("password" not in ann.person and ann.person["about"] == "", ann.person)
    check(abs(time.time() - time.mktime(time.strptime(ann.person["joined"][:19], "%Y-%m-%dT%H:%M:%S"))
              + time.timezone) < 60, ann.person["joined"])
    again = {"name": "ann", "email": "other@example.org", "password": PASSWORD}
    check(expect(guest.post("/people", again), 409)["detail"] == "Somebody has this name")
    again = {"name": "other", "email": "ANN@example.org ", "password": PASSWORD}
    check(expect(guest.post("/people", again), 409)["detail"] == "Somebody has this address")
    # What the store gives is not the client's to set.
    expect(guest.post("/people", {**again, "joined": "2020-01-01T00:00:00Z"}), 400, ["joined"])
    expect(guest.post("/people/session", {"email": "ann@example.org", "password": "wrong horse"}), 401)
    expect(guest.post("/people/session", {"email": "ann@example.org", "password": PASSWORD}), 200)
    expect(guest.put("/people/ann", {"about": "I write."}), 200)
    profile = expect(Client(cluster, "forum").get("/people/%20Ann"), 200)
    check(profile == {k: profile[k] for k in ("id", "name", "about", "joined")}, profile)
    check(profile["about"] == "I write.", profile)
    expect(guest.get("/people/nobody"), 404)


def test_only_the_owner_changes_a_person(bob):
    expect(bob.put("/people/ann", {"about": "Mine now."}), 404)
    expect(bob.put(f"/people/{bob.person['id']}", {"about": "By id."}), 404)
    expect(bob.get("/people/ann"), 200)


def test_the_store_gives_address_author_and_times(cluster, ann):
    """The address, the author and the times of an article."""
    first = write(ann, "  Hello, World! — 100% ")
    check(first["slug"] == "hello-world-100" and first["title"] == "Hello, World! — 100%", first)
    check(first["author"]["name"] == "ann" and first["created"] == first["updated"], first)
    second = write(ann, "hello world 100")
    check(re.fullmatch(r"hello-world-100-[0-9a-f]{8}", second["slug"]), second["slug"])
    check(re.fullmatch(r"[0-9a-f]{8}", write(ann, "Привет")["slug"]), "nothing of it fits")
    check(re.fullmatch(r"(long-){15}long", write(ann, "long " * 40)["slug"]), "it is cut")
    check(re.fullmatch(r"(long-){14}l-[0-9a-f]{8}", write(ann, "Long " * 40)["slug"]), "and told apart")
    for name, value in (("slug", "mine"), ("author", ann.person["id"]), ("favourites", 5),
                        ("created", "2020-01-01T00:00:00Z")):
        body = {"title": "x", "body": "y", "tags": [], name: value}
        expect(ann.post("/articles", body), 400, [name])
    revised = expect(ann.put(f"/articles/{first['slug']}", {"title": "Other", "body": "z"}), 200)
    check(revised["slug"] == first["slug"], "its address stays", revised)
    check(revised["created"] == first["created"] and revised["updated"] > first["updated"], revised)
    check(revised["author"]["name"] == "ann" and revised["version"] == 2, revised)
    check(expect(Client(cluster, "forum").get(f"/articles/{first['slug']}"), 200) == revised, "stored")
    expect(Client(cluster, "forum").post("/articles", {"title": "x", "body": "y"}), 401)
    return first


def test_only_the_author_changes_an_article(article, ann, bob):
    path = f"/articles/{article['slug']}"
    expect(bob.put(path, {"title": "Mine", "body": "now"}), 404)
    expect(bob.delete(path), 404)
    expect(bob.delete("/articles/none"), 404)
    stale = {"If-Match": '"1"'}
    expect(ann.put(path, {"title": "Late", "body": "z"}, headers=stale), 412)


def test_favourites_are_counted_once_each(article, ann, bob):
    path = f"/articles/{article['slug']}/favourite"
    for client, count in ((ann, 1), (bob, 2), (bob, 2)):
        check(expect(client.post(path), 200)["favourites"] == count, count)
    for client, count in ((bob, 1), (bob, 1), (ann, 0)):
        check(expect(client.delete(path), 200)["favourites"] == count, count)
    expect(bob.post("/articles/none/favourite"), 404)


def test_lists_select_by_tag_and_author(cluster, ann, bob):
    guest = Client(cluster, "forum")
    red = write(bob, "Red", tags=["red", "colour"])
    blue = write(ann, "Blue", tags=["blue", "colour"])
    newest = expect(guest.get("/articles?sort=-by_time&limit=2"), 200)
    check(ids(newest) == [blue["id"], red["id"]] and newest["next"], newest)
    check("body" not in newest["items"][0] and newest["items"][0]["author"]["name"] == "ann", newest)
    check(ids(expect(guest.get("/articles?tags=colour"), 200)) == [red["id"], blue["id"]], "by tag")
    check(ids(expect(guest.get("/articles?tags=red"), 200)) == [red["id"]], "by another")
    check(ids(expect(guest.get("/articles?tags=re"), 200)) == [], "by a part of one")
    query = f"/articles?tags=colour&author={bob.person['id']}"
    check(ids(expect(guest.get(query), 200)) == [red["id"]], "by tag and author")
    expect(guest.get("/articles?tags="), 400, ["tags"])
    expect(guest.get("/articles?title=Red"), 400, ["title"])
    return red, blue


def test_the_feed_shows_who_is_followed(cluster, ann, bob, red):
    eve = join(cluster, "eve")
    check(ids(expect(eve.get("/feed"), 200)) == [], "nobody is followed")
    expect(eve.post("/people/bob/follow"), 204)
    expect(eve.post("/people/bob/follow"), 204)
    expect(eve.post("/people/eve/follow"), 422)
    expect(eve.post("/people/nobody/follow"), 404)
    check(ids(expect(eve.get("/feed"), 200)) == [red["id"]], "of bob")
    later = write(bob, "Later")
    first = expect(eve.get("/feed?limit=1"), 200)
    check(ids(first) == [later["id"]], first)
    second = expect(eve.get(f"/feed?limit=1&after={first['next']}"), 200)
    check(ids(second) == [red["id"]], second)
    expect(eve.get("/feed?after=!"), 400, ["after"])
    expect(eve.delete("/people/bob/follow"), 204)
    check(ids(expect(eve.get("/feed"), 200)) == [], "not any more")
    expect(Client(cluster, "forum").get("/feed"), 401)


def test_comments_belong_to_two_authors(cluster, ann, bob, red):
    guest = Client(cluster, "forum")
    said = expect(ann.post("/comments", {"article": red["id"], "text": "Nice."}), 201)
    check(said["author"]["name"] == "ann" and said["text"] == "Nice.", said)
    other = expect(bob.post("/comments", {"article": red["id"], "text": "Thanks."}), 201)
    page = expect(guest.get(f"/comments?article={red['id']}"), 200)
    check(ids(page) == [said["id"], other["id"]], page)
    check([item["author"]["name"] for item in page["items"]] == ["ann", "bob"], page)
    expect(ann.post("/comments", {"article": "none", "text": "Lost."}), 404)
    expect(ann.post("/comments", {"article": red["id"], "text": ""}), 400, ["text"])
    expect(guest.post("/comments", {"article": red["id"], "text": "x"}), 401)
    eve = Client(cluster, "forum")
    expect(eve.post("/people/session", {"email": "eve@example.org", "password": PASSWORD}), 200)
    for client, status in ((guest, 401), (eve, 404), (ann, 204), (ann, 404)):
        expect(client.delete(f"/comments/{said['id']}"), status)
    third = expect(ann.post("/comments", {"article": red["id"], "text": "Once more."}), 201)
    expect(bob.delete(f"/comments/{third['id']}"), 204)  # the article is his
    check(ids(expect(guest.get(f"/comments?article={red['id']}"), 200)) == [other["id"]], "gone")


def test_drafts_are_for_their_author_alone(cluster, ann, bob):
    """An unpublished article is there for its author alone, in lists too."""
    guest = Client(cluster, "forum")
    draft = write(ann, "Draft", tags=["draft"], published=False)
    path, query = f"/articles/{draft['slug']}", "/articles?tags=draft"
    for client, seen in ((ann, True), (bob, False), (guest, False)):
        expect(client.get(path), 200 if seen else 404)
        check(ids(expect(client.get(query), 200)) == [draft["id"]] * seen, seen)
    expect(bob.post(f"{path}/favourite"), 404)
    expect(bob.post("/people/ann/follow"), 204)
    check(draft["id"] not in ids(expect(bob.get("/feed"), 200)), "in no feed")
    expect(ann.put(path, {"title": "Done", "body": "Text.", "published": True}), 200)
    expect(guest.get(path), 200)
    check(draft["id"] in ids(expect(bob.get("/feed"), 200)), "now it is")


def test_a_retracted_article_takes_all_with_it(cluster, bob, red):
    """With it go its comments and favourites."""
    guest = Client(cluster, "forum")
    expect(bob.post(f"/articles/{red['slug']}/favourite"), 200)
    for _ in range(3):
        expect(bob.post("/comments", {"article": red["id"], "text": "Again."}), 201)
    expect(bob.delete(f"/articles/{red['slug']}"), 204)
    expect(guest.get(f"/articles/{red['slug']}"), 404)
    check(ids(expect(guest.get(f"/comments?article={red['id']}"), 200)) == [], "no comments")
    check(write(bob, "Red")["slug"] == red["slug"], "its address is free again")


def main():
    with Cluster(sys.argv[1], {}, ("forum",), "tests/community", "tests/community/gen") as cluster:
        ann, bob = join(cluster, "ann"), join(cluster, "bob")
        test_people_join_sign_in_and_are_shown(cluster, ann)
        test_only_the_owner_changes_a_person(bob)
        article = test_the_store_gives_address_author_and_times(cluster, ann)
        test_only_the_author_changes_an_article(article, ann, bob)
        test_favourites_are_counted_once_each(article, ann, bob)
        red, _ = test_lists_select_by_tag_and_author(cluster, ann, bob)
        test_the_feed_shows_who_is_followed(cluster, ann, bob, red)
        test_comments_belong_to_two_authors(cluster, ann, bob, red)
        test_drafts_are_for_their_author_alone(cluster, ann, bob)
        test_a_retracted_article_takes_all_with_it(cluster, bob, red)
        cluster.stop_all()
    print("community: ok")


if __name__ == "__main__":
    main()
