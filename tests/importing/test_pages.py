"""The pages of an import: sent, watched, and each step by whoever sent it alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oms.models import ImportJob, ImportProfile, ImportStatus, User
from oms.tasks import work_on_imports
from tests.builders import a_boss, a_user
from tests.data_in_out.files import a_small_house, table

pytestmark = pytest.mark.django_db(transaction=True)

IMPORT = "admin:customers_pricerule_import"
PRICES = [
    f"customers.{right}"
    for right in (
        "view_pricerule",
        "add_pricerule",
        "change_pricerule",
        "add_pricelist",
        "add_pricelistassignment",
    )
]


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(client):
    a_small_house()
    client.force_login(a_boss())
    return client


def send(client, *rows, name="prices.csv", page=IMPORT):
    file = SimpleUploadedFile(name, table(*rows))
    return client.post(reverse(page), {"file": file, "encoding": ""}, follow=True).content.decode()


def step(client, name, **data):
    job = ImportJob.objects.first()
    return client.post(reverse(f"import_{name}", args=[job.pk]), data, follow=True).content.decode()


def seen(client):
    return client.get(reverse("import_job", args=[ImportJob.objects.first().pk])).content.decode()


def progress(client):
    return client.get(reverse("import_progress", args=[ImportJob.objects.first().pk])).json()


def test_a_file_is_sent_watched_imported_and_undone(office):
    sent = send(office, "price_list|sku|price", "BASE|BOLT|13", name="<b>.csv")

    assert "data-progress" in sent
    assert "<b>.csv" not in sent
    assert progress(office)["text"] == "Waits for a worker."
    work_on_imports()
    assert progress(office)["status"] == ImportStatus.CHECKED
    assert "+30.0" in seen(office)
    assert "data-progress" in step(office, "confirm")
    work_on_imports()
    assert "Undo" in seen(office)
    assert "These hold again: BASE v1" in step(office, "undo")
    assert "is undone" in step(office, "undo")


def test_without_a_worker_the_page_says_so(office):
    send(office, "price_list|sku|price", "BASE|BOLT|13")
    ImportJob.objects.update(status_since="2026-01-01T00:00Z")

    assert "No worker has taken it yet" in progress(office)["text"]
    assert "No worker has taken it yet" in seen(office)


def test_how_far_it_is_survives_a_reload(office):
    send(office, "price_list|sku|price", "BASE|BOLT|13")
    ImportJob.objects.update(step="checking", done=3000, total=5000, leased_until="2099-01-01T00:00Z")

    assert 'value="3000" max="5000"' in seen(office)
    assert progress(office)["text"] == "Checking: 3,000 of 5,000 rows"


def test_columns_are_chosen_on_the_page_and_kept_for_everybody(office):
    send(office, "Liste|Artikel|Preis", "BASE|BOLT|13")
    work_on_imports()
    assert "Which column is which?" in seen(office)

    wrong = step(office, "choose", **{"column-0": "price_list", "column-1": "sku"})
    assert "Say which column is price" in wrong
    chosen = {"column-0": "price_list", "column-1": "sku", "column-2": "price"}
    assert "Smith" in step(office, "choose", profile="Smith", whose="company", **chosen)

    profile = ImportProfile.objects.get()
    assert (profile.user, profile.columns["artikel"]) == (None, "sku")
    work_on_imports()
    assert ImportJob.objects.first().status == ImportStatus.CHECKED
    assert "Which column is which?" in step(office, "columns")


def test_the_file_with_its_errors_is_an_attachment(office):
    send(office, "price_list|sku|price", "BASE|NONE|13")
    work_on_imports()

    answer = office.get(reverse("import_errors", args=[ImportJob.objects.first().pk]))

    assert answer["Content-Disposition"] == 'attachment; filename="price-rules-errors.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "is not known" in b"".join(answer.streaming_content).decode()


def test_nobody_elses_import_is_there_nor_ones_own_without_the_right(office, client):
    send(office, "price_list|sku|price", "BASE|BOLT|13")
    job = ImportJob.objects.get()
    pages = ["import_job", "import_progress", "import_errors"]
    steps = [
        "import_confirm",
        "import_cancel",
        "import_undo",
        "import_again",
        "import_columns",
        "import_choose",
    ]

    other, former = a_boss(), a_user(*PRICES[1:], is_staff=True)
    for person, owner in ((other, job.by), (former, former)):
        former.user_permissions.clear()
        ImportJob.objects.update(by=owner)
        client.force_login(person)
        assert [client.get(reverse(page, args=[job.pk])).status_code for page in pages] == [404] * 3
        assert [client.post(reverse(page, args=[job.pk])).status_code for page in steps] == [404] * 6
    job.refresh_from_db()
    assert job.status == ImportStatus.WAITING


def test_steps_are_not_taken_by_looking(office):
    send(office, "price_list|sku|price", "BASE|BOLT|13")

    assert office.get(reverse("import_cancel", args=[ImportJob.objects.get().pk])).status_code == 405


def test_large_files_of_other_kinds_come_in_the_same_way(office, monkeypatch):
    monkeypatch.setattr("oms.importing.admin.LARGE", 10)

    assert "data-progress" in send(office, "sku|name", "A|Anvil", page="admin:inventory_product_import")


# --- profiles ---------------------------------------------------------------------------------------------------------


def a_profile(name, user=None, kind="price-rules"):
    return ImportProfile.objects.create(
        name=name, user=user, kind=kind, columns={"artikel": "sku", "notiz": ""}
    )


def profiles(client, *step, **data):
    url = reverse(f"import_profile{'s' if not step else f'_{step[0]}'}", args=[one.pk for one in step[1:]])
    return (client.post(url, data, follow=True) if step else client.get(url)).content.decode()


def test_profiles_are_seen_renamed_and_deleted(office):
    assert "No profile is kept yet" in profiles(office)
    smith = a_profile("Smith")

    assert "<span>artikel</span> <small>sku</small>" in profiles(office)
    assert "It is called “Smith Ltd” now" in profiles(office, "rename", smith, name=" Smith\u200b Ltd ")
    smith.refresh_from_db()
    assert smith.name == "Smith Ltd"

    assert "“Smith Ltd” is deleted" in profiles(office, "delete", smith)
    assert not ImportProfile.objects.exists()


def test_a_name_is_given_once_to_whom_it_belongs(office):
    boss = User.objects.get(is_superuser=True)
    smith = a_profile("Smith")
    a_profile("Jones")
    a_profile("Own", boss)

    assert "There is a profile “Jones” already" in profiles(office, "rename", smith, name="Jones")
    assert "Enter a name for “Smith”" in profiles(office, "rename", smith, name=" ")
    assert "It is called “Own” now" in profiles(office, "rename", smith, name="Own")


def test_nobody_elses_profile_is_there_nor_one_of_files_that_one_may_not_import(office, client):
    theirs, stock = a_profile("Theirs", a_boss()), a_profile("Counts", kind="stock")
    person = a_user(*PRICES, is_staff=True)
    for who, hidden in ((User.objects.filter(is_superuser=True).first(), theirs), (person, stock)):
        client.force_login(who)
        assert hidden.name not in profiles(client)
        for step in ("rename", "delete"):
            url = reverse(f"import_profile_{step}", args=[hidden.pk])
            assert client.post(url, {"name": "Mine"}).status_code == 404
    assert set(ImportProfile.objects.values_list("name", flat=True)) == {"Theirs", "Counts"}
