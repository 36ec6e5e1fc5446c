# Takes over what another state made: what is read back must be what the configuration says.
import {
  to = aws_vpc.shop
  id = var.ids["aws_vpc.shop"]
}

import {
  to = aws_subnet.private
  id = var.ids["aws_subnet.private"]
}

import {
  to = aws_internet_gateway.shop
  id = var.ids["aws_internet_gateway.shop"]
}

import {
  to = aws_nat_gateway.shop
  id = var.ids["aws_nat_gateway.shop"]
}

import {
  to = aws_eip.nat
  id = var.ids["aws_eip.nat"]
}

import {
  to = aws_network_acl.private
  id = var.ids["aws_network_acl.private"]
}

import {
  to = aws_vpc_endpoint.s3
  id = var.ids["aws_vpc_endpoint.s3"]
}

import {
  to = aws_vpc_security_group_ingress_rule.db_from_web
  id = var.ids["aws_vpc_security_group_ingress_rule.db_from_web"]
}

variable "ids" {
  type = map(string)
}
