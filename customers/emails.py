"""What customers' agreements tell to whom."""

from customers.models import Agreement
from oms.mail import send_letter


def remind_of_renewal(agreement: Agreement) -> bool:
    """Tell whoever looks after the customer that an agreement ends; return whether there was anybody."""
    customer = agreement.customer
    if customer.rep is not None:
        people = [customer.rep.email]
    else:
        people = list(customer.team.members.values_list("email", flat=True)) if customer.team else []
    subject = f"{agreement.number} {customer.name}"
    return send_letter("customers/mail/renewal.txt", subject, people, {"agreement": agreement})
