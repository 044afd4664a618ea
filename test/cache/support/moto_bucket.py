"""A bucket `team` on a free port, kept by moto, which checks signatures and permissions. Prints where it is as one line of JSON, and ends
with its standard input. Two users: one may do everything, one may read objects and not list them."""

import json
import logging
import sys

import boto3
import requests
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
anybody = {
    "endpoint_url": endpoint,
    "region_name": "us-east-1",
    "aws_access_key_id": "nobody",
    "aws_secret_access_key": "nothing",
}
iam = boto3.client("iam", **anybody)


def user(name, *actions):
    iam.create_user(UserName=name)
    statement = [{"Effect": "Allow", "Action": actions, "Resource": "*"}]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


member = user("member", "s3:*")
reader = user("reader", "s3:GetObject")
boto3.client("s3", **anybody).create_bucket(Bucket="team")
# From here on, every request has to be signed.
requests.post(f"{endpoint}/moto-api/reset-auth", data=b"0", timeout=60).raise_for_status()
print(json.dumps({"endpoint": endpoint, "member": member, "reader": reader}), flush=True)
sys.stdin.read()
server.stop()
