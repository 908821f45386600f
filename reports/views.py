from django.shortcuts import render

from cells.access import roles
from cells.reach import ANYONE


@roles(ANYONE)
def home(request):
    return render(request, "reports/home.html")
